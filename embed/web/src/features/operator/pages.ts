import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Page } from './model';

/** What is known of a list: pages from the first one on, without a gap. */
export interface Pages<Item> {
  items: readonly Item[];
  /** Leads to the page after; null at the end. */
  next: string | null;
  /** How many pages these are, so that reading anew reads as many. */
  count: number;
}

/** Reads one page; without `after` the first. */
export type ReadPage<Item> = (after: string | undefined) => Promise<Page<Item>>;

/** Reads the list anew, as far as it was known. An item that moved meanwhile is listed once. */
export async function readAgain<Item extends { id: string }>(
  read: ReadPage<Item>,
  known: Pages<Item> | undefined,
): Promise<Pages<Item>> {
  let pages: Pages<Item> = { items: [], next: null, count: 0 };
  do {
    pages = appended(pages, await read(pages.next ?? undefined));
  } while (pages.next !== null && pages.count < (known?.count ?? 1));
  return pages;
}

export function appended<Item extends { id: string }>(
  known: Pages<Item>,
  page: Page<Item>,
): Pages<Item> {
  const ids = new Set(known.items.map((i) => i.id));
  return {
    items: [...known.items, ...page.items.filter((i) => !ids.has(i.id))],
    next: page.next ?? null,
    count: known.count + 1,
  };
}

/** What `List` shows: the items so far, and the way to more of them. */
export interface Listing<Item> {
  items: readonly Item[] | undefined;
  error: unknown;
  retry: () => void;
  /** Null when all are shown. */
  more: (() => void) | null;
  loadingMore: boolean;
  moreFailed: boolean;
}

/** A list that is read page by page. */
export function usePages<Item extends { id: string }>(
  queryKey: QueryKey,
  read: ReadPage<Item>,
): Listing<Item> {
  const client = useQueryClient();
  const query = useQuery({
    queryKey,
    queryFn: () => readAgain(read, client.getQueryData<Pages<Item>>(queryKey)),
    // As in queries.ts: what is opened is read anew.
    staleTime: 0,
  });
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  const next = query.data?.next ?? null;
  const more = () => {
    if (next === null || state === 'loading') return;
    setState('loading');
    readMore(client, queryKey, read, next).then(
      () => setState('idle'),
      () => setState('failed'),
    );
  };
  const { refetch } = query;
  const retry = useCallback(() => void refetch(), [refetch]);
  return {
    items: query.data?.items,
    error: query.data ? null : query.error,
    retry,
    more: next === null ? null : more,
    loadingMore: state === 'loading',
    moreFailed: state === 'failed',
  };
}

async function readMore<Item extends { id: string }>(
  client: QueryClient,
  key: QueryKey,
  read: ReadPage<Item>,
  next: string,
) {
  const page = await read(next);
  // Read anew meanwhile, the list may end elsewhere: then this page does not follow it.
  client.setQueryData<Pages<Item>>(key, (known) =>
    known?.next === next ? appended(known, page) : known,
  );
}
