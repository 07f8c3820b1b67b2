import { RotateCw } from 'lucide-react';
import { useI18n } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { Dots, Reply as Words } from './Bubble';
import bubble from './Bubble.module.css';
import styles from './RowState.module.css';
import type { Reply } from './useReply';

/** A reply that is being written, as it grows; hidden from screen readers until it is finished. */
export function ReplyBubble({ reply }: { reply: Reply }) {
  const { t } = useI18n();
  const { state, text, tryAgain } = reply;
  if (state === 'none') return null;
  if (state === 'failed') {
    return (
      <div className={styles.failed} role="alert">
        <p>{t('liveassist.noAnswer')}</p>
        <div className={styles.actions}>
          <Button size="small" icon={<RotateCw aria-hidden="true" />} onClick={tryAgain}>
            {t('liveassist.tryAgain')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.reply} aria-hidden="true">
      <div className={bubble.bubble} data-role="assistant">
        {text ? (
          <div className={bubble.text}>
            <Words text={text} />
          </div>
        ) : (
          <Dots />
        )}
      </div>
      {state === 'still' && <p className={styles.still}>{t('liveassist.stillWriting')}</p>}
    </div>
  );
}

/** The operator is typing; the line above the conversation says who. */
export function OperatorTyping() {
  return (
    <div className={styles.reply} aria-hidden="true">
      <div className={bubble.bubble} data-role="operator">
        <Dots />
      </div>
    </div>
  );
}

/** Tells screen readers once that a reply is being written. */
export function ReplyStatus({ reply: { state } }: { reply: Reply }) {
  const { t } = useI18n();
  const writing = state === 'waiting' || state === 'writing';
  return (
    <div role="status">
      <VisuallyHidden>
        {writing && t('liveassist.writing')}
        {state === 'still' && t('liveassist.stillWriting')}
      </VisuallyHidden>
    </div>
  );
}
