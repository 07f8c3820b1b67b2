import { useQueryClient } from '@tanstack/react-query';
import { useLayoutEffect, useRef } from 'react';
import type { Message } from '@/api';
import { Button } from '@/ui/Button';
import { nameOf } from '../model';
import type { Conversation } from '../model';
import { fetchOlder } from '../queries';
import { useTexts } from '../texts';
import { useAction } from '../useAction';
import { MessageItem, PendingReply } from './MessageItem';
import styles from './MessageLog.module.css';
import type { Replies } from './useReplies';

/** The reader counts as at the end within this many pixels of it. */
const NEAR = 64;

interface Props {
  conversation: Conversation;
  messages: readonly Message[];
  hasOlder: boolean;
  replies: Replies;
  /** The person types just now. */
  typing: boolean;
}

/** What was said, the oldest first, and what is on its way after it. */
export function MessageLog({ conversation, messages, hasOlder, replies, typing }: Props) {
  const { t } = useTexts();
  const { id, person, ratings, failed } = conversation;
  const { scroller, onScroll } = useEnd(messages.at(-1)?.id, replies.pending.length, typing);
  const reasons = new Map(failed.map((f) => [f.id, f.error]));
  return (
    <>
      <div
        role="log"
        aria-label={t('conversation')}
        className={styles.log}
        ref={scroller}
        onScroll={onScroll}
        // It scrolls, so the keyboard must reach it.
        // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex
        tabIndex={0}
      >
        {hasOlder && <Older sessionId={id} />}
        {messages.length === 0 && <p className={styles.none}>{t('noMessages')}</p>}
        {messages.map((message) => (
          <MessageItem
            key={message.id}
            message={message}
            person={nameOf(person)}
            rating={ratings[message.id]}
            failed={reasons.get(message.id)}
          />
        ))}
        {replies.pending.map((reply) => (
          <PendingReply key={reply.id} reply={reply} replies={replies} />
        ))}
      </div>
      <p role="status" className={styles.typing}>
        {typing ? t('typing', { name: nameOf(person) }) : ''}
      </p>
    </>
  );
}

function Older({ sessionId }: { sessionId: string }) {
  const { t } = useTexts();
  const client = useQueryClient();
  const action = useAction(() => fetchOlder(client, sessionId));
  return (
    <div className={styles.older}>
      <Button size="small" busy={action.busy} onClick={() => void action.run()}>
        {t('older')}
      </Button>
      {action.error !== null && <p role="status">{t('moreFailed')}</p>}
    </div>
  );
}

/** Keeps the end in view for a reader who is there; one's own reply brings anybody there. */
function useEnd(lastId: string | undefined, pending: number, typing: boolean) {
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const before = useRef(pending);
  useLayoutEffect(() => {
    if (pending > before.current) atEnd.current = true;
    before.current = pending;
    const element = scroller.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [lastId, pending, typing]);
  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR;
  };
  return { scroller, onScroll };
}
