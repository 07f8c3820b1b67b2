import { useQueryClient } from '@tanstack/react-query';
import { Headset, MessagesSquare } from 'lucide-react';
import { api, call } from '@/api';
import type { Conversation } from '@/api';
import { useAction } from '@/lib/action';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { keys } from '@/lib/queries';
import { useToast } from '@/lib/toast';
import { useUnread } from '@/lib/unread';
import { Button } from '@/ui/Button';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './Head.module.css';

interface Props {
  title: string;
  sessionId: string | null;
  standing: Conversation | undefined;
  typing: boolean;
  /** Opens the list of conversations; absent where it is in view. */
  onList: (() => void) | undefined;
}

/** Above the conversation: which one it is, who is there, and the way to somebody else. */
export function Head({ title, sessionId, standing, typing, onList }: Props) {
  const desk = standing?.desk;
  return (
    <header className={styles.header}>
      {onList && <ListButton onClick={onList} sessionId={sessionId} />}
      <div className={styles.words}>
        <h1 tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        <p role="status" className={styles.state} data-desk={desk}>
          {standing && <Who standing={standing} typing={typing} />}
        </p>
      </div>
      {sessionId && (desk === 'assistant' || desk === 'closed') && <AskPerson id={sessionId} />}
    </header>
  );
}

function Who({ standing, typing }: { standing: Conversation; typing: boolean }) {
  const { t } = useI18n();
  const { desk, assistant } = standing;
  const name = standing.operator ?? '';
  switch (desk) {
    case 'assistant':
      return assistant && t('liveassist.answersItself');
    case 'waiting':
      return assistant ? t('liveassist.waitingForPerson') : t('liveassist.waitingOnly');
    case 'operator':
      return typing ? t('liveassist.isTyping', { name }) : t('liveassist.isHere', { name });
    case 'closed':
      return t('liveassist.closed');
  }
}

function ListButton({ onClick, sessionId }: { onClick: () => void; sessionId: string | null }) {
  const { t } = useI18n();
  const { unread, total } = useUnread();
  const elsewhere = total - (sessionId ? (unread[sessionId]?.length ?? 0) : 0);
  return (
    <Button
      size="small"
      className={styles.list}
      icon={<MessagesSquare aria-hidden="true" />}
      onClick={onClick}
    >
      <span className={styles.label}>{t('liveassist.conversations')}</span>
      {elsewhere > 0 && (
        <>
          <span className={styles.dot} aria-hidden="true" />
          <VisuallyHidden>, {t('liveassist.unread', { count: elsewhere })}</VisuallyHidden>
        </>
      )}
    </Button>
  );
}

/** Puts the conversation among those that wait for a person. */
function AskPerson({ id }: { id: string }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const toast = useToast();
  const ask = useAction(
    async () => {
      const path = '/api/liveassist/sessions/{sessionId}/ask-person';
      const now = await call(api.POST(path, { params: { path: { sessionId: id } } }));
      client.setQueryData<Conversation>(keys.conversation(id), now);
    },
    (error) => toast(describe(error, t), { tone: 'warn' }),
  );
  return (
    <Button
      size="small"
      icon={<Headset aria-hidden="true" />}
      className={styles.ask}
      busy={ask.pending}
      onClick={ask.run}
    >
      {t('liveassist.askPerson')}
    </Button>
  );
}
