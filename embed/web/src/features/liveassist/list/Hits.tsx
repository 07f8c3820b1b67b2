import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Fragment, useEffect, useState } from 'react';
import { api, call } from '@/api';
import type { Found } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { keys } from '@/lib/queries';
import { Link } from '@/lib/router';
import { LoadFailed } from '@/ui/LoadFailed';
import { addressOf, usePin } from '../address';
import styles from './Conversations.module.css';
import { When } from './When';
import { piecesOf, plain } from './words';

/** Milliseconds of rest before what was typed is looked for. */
const REST = 200;

/** The server gives at most so many. */
const MOST = 50;

interface Props {
  words: string;
  current: string | null;
  onOpen: () => void;
}

/** Where the words were said, newest first; each leads to its place. */
export function Hits({ words, current, onOpen }: Props) {
  const { t } = useI18n();
  const query = useRested(words);
  const found = useQuery({
    queryKey: keys.search(query),
    queryFn: ({ signal }) =>
      call(api.GET('/api/liveassist/search', { params: { query: { q: query } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  const results = found.data?.results ?? [];
  if (found.isError) {
    return <LoadFailed onRetry={() => void found.refetch()}>{describe(found.error, t)}</LoadFailed>;
  }
  return (
    <>
      <p role="status" className={styles.found}>
        {said()}
      </p>
      <ul className={styles.list} role="list">
        {results.map((hit) => (
          <Hit key={hit.id} hit={hit} current={current} onOpen={onOpen} />
        ))}
      </ul>
    </>
  );

  function said(): string {
    if (!found.data || found.isPlaceholderData) return t('liveassist.searching');
    if (results.length === 0) return t('liveassist.foundNothing', { words: query });
    if (results.length >= MOST) return t('liveassist.foundMost');
    return t('liveassist.found', { count: results.length });
  }
}

interface HitProps {
  hit: Found;
  current: string | null;
  onOpen: () => void;
}

function Hit({ hit, current, onOpen }: HitProps) {
  const { t } = useI18n();
  const pin = usePin(current);
  const { sessionId, id, role, title, createdAt } = hit;
  return (
    <li className={styles.item}>
      <Link
        to={addressOf(sessionId, id)}
        className={styles.link ?? ''}
        onClick={() => {
          pin();
          onOpen();
        }}
      >
        <span className={styles.first}>
          <span className={styles.title}>{title}</span>
          <When at={createdAt} />
        </span>
        <span className={styles.snippet}>
          {role === 'user' ? t('liveassist.you') : t(`liveassist.${role}`)}:{' '}
          {piecesOf(hit).map(({ text, hit: looked }, index) => (
            <Fragment key={index}>{looked ? <mark>{text}</mark> : plain(text)}</Fragment>
          ))}
        </span>
      </Link>
    </li>
  );
}

/** The value when it has not changed for a moment. */
function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
