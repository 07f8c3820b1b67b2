import { Frown, Smile } from 'lucide-react';
import { memo, Suspense, use } from 'react';
import type { Message } from '@/api';
import { ApiError } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { When } from '../parts/When';
import { useTexts } from '../texts';
import styles from './MessageItem.module.css';
import { Photo } from './Photo';
import type { Reply } from './replies';
import type { Replies } from './useReplies';
import { Words } from './words';

interface Props {
  message: Message;
  /** How the person is called. */
  person: string;
  /** What the person thinks of it. */
  rating: 'up' | 'down' | undefined;
  /** Why no reply came to it. */
  failed: string | undefined;
}

/** One message: the person's at the left, what we said at the right. */
export const MessageItem = memo(function MessageItem({ message, person, rating, failed }: Props) {
  const { t } = useTexts();
  const { role, text, image, createdAt } = message;
  const Thumb = rating === 'up' ? Smile : Frown;
  return (
    <article className={styles.message} data-role={role}>
      <header>
        <strong>{role === 'user' ? person : t(`who_${role}`)}</strong>
        <When at={createdAt} />
        {rating && (
          <span className={styles.rating}>
            <Thumb aria-hidden="true" />
            {t(`rated_${rating}`)}
          </span>
        )}
      </header>
      <div className={styles.bubble}>
        {image && <Photo image={image} text={text} />}
        {text && <Text by={role} text={text} />}
      </div>
      {failed !== undefined && <p className={styles.failed}>{t('noReply', { why: failed })}</p>}
    </article>
  );
});

function Text({ by, text }: { by: Message['role']; text: string }) {
  const Reply = use(Words);
  if (by === 'user') return <p className={styles.plain}>{text}</p>;
  return (
    <div className={styles.words}>
      <Suspense fallback={text}>
        <Reply text={text} />
      </Suspense>
    </div>
  );
}

/** A reply on its way, or one that did not arrive, with what can be done about it. */
export function PendingReply({ reply, replies }: { reply: Reply; replies: Replies }) {
  const { t } = useTexts();
  return (
    <article className={styles.message} data-role="operator" data-pending>
      <div className={styles.bubble}>
        <Text by="operator" text={reply.text} />
      </div>
      {reply.state === 'sending' ? (
        <p className={styles.state}>{t('sending')}</p>
      ) : (
        <div className={styles.failed} role="alert">
          <p>
            {t('notSent')} <Why error={reply.error} />
          </p>
          <Button size="small" onClick={() => replies.retry(reply)}>
            {t('tryAgain')}
          </Button>
          <Button size="small" variant="ghost" onClick={() => replies.remove(reply)}>
            {t('remove')}
          </Button>
        </div>
      )}
    </article>
  );
}

function Why({ error }: { error: Reply['error'] }) {
  const { t } = useTexts();
  const { t: common } = useI18n();
  if (!error) return null;
  if (error.code === 'TAKEN' || error.code === 'NOT_TAKEN') return t('notYours');
  return describe(new ApiError({ status: 0, ...error }), common);
}
