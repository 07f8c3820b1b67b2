import { useQueryClient } from '@tanstack/react-query';
import { ArrowDown } from 'lucide-react';
import type { Conversation as Standing } from '@/api';
import { memo, useCallback, useMemo, useState } from 'react';
import { useI18n } from '@/lib/i18n';
import { fetchOlder } from '@/lib/messages';
import type { Row } from '@/lib/outbox';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Skeleton } from '@/ui/Skeleton';
import styles from './Conversation.module.css';
import { Empty } from './Empty';
import { itemsOf } from './entries';
import type { Entry } from './entries';
import { MessageItem } from './MessageItem';
import { OperatorTyping, ReplyBubble, ReplyStatus } from './ReplyState';
import type { Conversation as Known } from './useConversation';
import { useFollowing } from './useFollowing';
import { usePlace } from './usePlace';
import { useReply } from './useReply';
import { useRate } from './useStanding';

interface Props {
  conversation: Known;
  standing: Standing | undefined;
  typing: boolean;
  entries: readonly Entry[];
  progress: ReadonlyMap<string, number>;
  onSuggestion: (text: string) => void;
  onEdit: (row: Row) => void;
}

/** The messages, and where the reader is in them. Typing below does not draw it anew. */
export const Conversation = memo(function Conversation(props: Props) {
  const { conversation, standing, typing, entries, progress, onSuggestion, onEdit } = props;
  const { t } = useI18n();
  const { status, retry } = conversation;
  const older = useOlder(conversation);
  const view = useFollowing(entries, older.load);
  const reply = useReply(conversation.sessionId, entries, standing);
  const found = usePlace(conversation, view.toMessage);
  const rate = useRate(conversation.sessionId);
  const items = useMemo(() => itemsOf(entries), [entries]);

  return (
    <div className={styles.frame}>
      <div
        id="messages"
        role="log"
        aria-label={t('liveassist.conversation')}
        aria-busy={status === 'loading'}
        className={styles.log}
        ref={view.scroller}
        onScroll={view.onScroll}
        // It scrolls, so the keyboard must reach it.
        // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex
        tabIndex={0}
      >
        <div ref={view.content} className={styles.content}>
          <OlderState {...older} shown={entries.length > 0 && status === 'ready'} />
          {status === 'loading' && entries.length === 0 && <LoadingState />}
          {status === 'failed' && <FailedState retry={retry} />}
          {status === 'ready' && entries.length === 0 && <Empty onSuggestion={onSuggestion} />}
          {items.map((item) => (
            <MessageItem
              key={item.entry.id}
              {...item}
              progress={progress.get(item.entry.id)}
              onEdit={onEdit}
              rating={standing?.ratings[item.entry.id]}
              onRate={rate}
              found={found === item.entry.id}
            />
          ))}
          <ReplyBubble reply={reply} />
          {typing && <OperatorTyping />}
        </div>
      </div>
      <ReplyStatus reply={reply} />
      {!view.atEnd && entries.length > 0 && (
        <button
          type="button"
          className={styles.pill}
          onClick={view.toEnd}
          aria-label={view.unseen > 0 ? undefined : t('liveassist.toEnd')}
        >
          {view.unseen > 0 && t('liveassist.newMessages', { count: view.unseen })}
          <ArrowDown aria-hidden="true" />
        </button>
      )}
    </div>
  );
});

function FailedState({ retry }: { retry: () => void }) {
  const { t } = useI18n();
  return (
    <Banner
      tone="danger"
      live="alert"
      action={
        <Button size="small" onClick={retry}>
          {t('liveassist.tryAgain')}
        </Button>
      }
    >
      {t('liveassist.loadFailed')}
    </Banner>
  );
}

function LoadingState() {
  const { t } = useI18n();
  return (
    <div className={styles.loading}>
      <Skeleton lines={7} label={t('liveassist.loading')} />
    </div>
  );
}

interface Older {
  hasOlder: boolean;
  loading: boolean;
  failed: boolean;
  load: () => void;
}

/** Loads the messages before the first known one, one page at a time. */
function useOlder({ sessionId, hasOlder, status }: Known): Older {
  const client = useQueryClient();
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  const load = useCallback(() => {
    if (!sessionId || !hasOlder || status !== 'ready' || state === 'loading') return;
    setState('loading');
    fetchOlder(client, sessionId).then(
      () => setState('idle'),
      () => setState('failed'),
    );
  }, [client, sessionId, hasOlder, status, state]);
  return { hasOlder, loading: state === 'loading', failed: state === 'failed', load };
}

function OlderState({ hasOlder, loading, failed, load, shown }: Older & { shown: boolean }) {
  const { t } = useI18n();
  if (!shown) return null;
  if (failed) {
    return (
      <p className={styles.older}>
        {t('liveassist.olderFailed')}{' '}
        <Button size="small" variant="ghost" onClick={load}>
          {t('liveassist.tryAgain')}
        </Button>
      </p>
    );
  }
  if (!hasOlder) return <p className={styles.older}>{t('liveassist.beginning')}</p>;
  return <p className={styles.older}>{loading ? t('liveassist.loadingOlder') : '\u00a0'}</p>;
}
