import { useQuery } from '@tanstack/react-query';
import { ImageIcon, MessageCircle } from 'lucide-react';
import type { Message, Session } from '@/api';
import { useAuth } from '@/lib/auth';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { sessionsQuery } from '@/lib/queries';
import { ButtonLink } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { EmptyConversationPicture } from '@/ui/illustrations';
import { LoadFailed } from '@/ui/LoadFailed';
import { Skeleton } from '@/ui/Skeleton';
import styles from './ContinueCard.module.css';
import { latestSession, subjectOf } from './model';

/** Back into the conversation that was going on, or into the first one. */
export function ContinueCard() {
  const { t } = useI18n();
  const sessions = useQuery(sessionsQuery);
  const latest = latestSession(sessions.data ?? []);
  return (
    <Card title={t('home.conversation')} className={styles.card}>
      {latest ? (
        <Latest session={latest} />
      ) : sessions.data ? (
        <First />
      ) : sessions.isError ? (
        <LoadFailed onRetry={() => void sessions.refetch()}>
          {describe(sessions.error, t)}
        </LoadFailed>
      ) : (
        <Skeleton lines={4} />
      )}
    </Card>
  );
}

function Latest({ session }: { session: Session }) {
  const { t } = useI18n();
  const { setLiveassistSessionId } = useAuth();
  const subject = subjectOf(session);
  return (
    <>
      <div className={styles.last}>
        {subject && <p className={styles.subject}>{subject}</p>}
        {session.lastMessage && <LastLine message={session.lastMessage} />}
      </div>
      <ButtonLink
        variant="primary"
        to="/liveassist"
        icon={<MessageCircle aria-hidden="true" />}
        className={styles.go ?? ''}
        onClick={() => setLiveassistSessionId(session.id)}
      >
        {t('home.continue')}
      </ButtonLink>
    </>
  );
}

function LastLine({ message }: { message: Message }) {
  const { t, formatDate, formatTime } = useI18n();
  const author = {
    user: t('home.you'),
    assistant: t('home.assistant'),
    operator: t('home.person'),
  }[message.role];
  return (
    <>
      <p className={styles.line}>
        <strong>{author}:</strong>{' '}
        {message.image && (
          <span className={styles.photo}>
            <ImageIcon aria-hidden="true" /> {t('home.photo')}{' '}
          </span>
        )}
        {message.text}
      </p>
      <p className={styles.time}>
        <time dateTime={message.createdAt}>
          {formatDate(message.createdAt, { day: 'numeric', month: 'long' })},{' '}
          {formatTime(message.createdAt)}
        </time>
      </p>
    </>
  );
}

function First() {
  const { t } = useI18n();
  return (
    <div className={styles.first}>
      <EmptyConversationPicture />
      <div className={styles.firstWords}>
        <h3>{t('home.firstTitle')}</h3>
        <p>{t('home.firstText')}</p>
        <ButtonLink
          variant="primary"
          to="/liveassist"
          icon={<MessageCircle aria-hidden="true" />}
          className={styles.go ?? ''}
        >
          {t('home.firstAsk')}
        </ButtonLink>
      </div>
    </div>
  );
}
