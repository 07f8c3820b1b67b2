import { queryOptions } from '@tanstack/react-query';
import { api, call } from '@/api';
import type { Guide, GuideSummary } from '@/api';
import type { Lang } from '@/lib/i18n';
import { keys } from '@/lib/queries';
import { fetchOrKept } from './kept';

/** Guides change with a release of the server only. */
const common = {
  staleTime: 10 * 60_000,
  gcTime: Infinity,
  // Offline the query runs too, and finds what was kept.
  networkMode: 'always',
  refetchOnReconnect: true,
} as const;

/** All guides in a language, without their steps. */
export function guidesQuery(lang: Lang) {
  return queryOptions({
    ...common,
    queryKey: keys.guides(lang),
    queryFn: () =>
      fetchOrKept<GuideSummary[]>(`list/${lang}`, () =>
        call(api.GET('/api/guides', { params: { query: { lang } } })),
      ),
  });
}

/** One guide. */
export function guideQuery(lang: Lang, slug: string) {
  return queryOptions({
    ...common,
    queryKey: keys.guide(lang, slug),
    queryFn: () =>
      fetchOrKept<Guide>(`guide/${lang}/${slug}`, () =>
        call(api.GET('/api/guides/{slug}', { params: { path: { slug }, query: { lang } } })),
      ),
  });
}
