import { Headset, Wrench } from 'lucide-react';
import { memo } from 'react';
import { useI18n } from '@/lib/i18n';
import type { Row } from '@/lib/outbox';
import { CopyButton } from '@/ui/CopyButton';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { Bubble } from './Bubble';
import { DayLine } from './DayLine';
import type { Item } from './entries';
import styles from './MessageItem.module.css';
import { RateButtons } from './RateButtons';
import type { Rating } from './useStanding';

interface Props extends Item {
  progress: number | undefined;
  onEdit: (row: Row) => void;
  rating: Rating | undefined;
  onRate: (id: string, value: Rating | null) => Promise<void>;
  /** The place that a search led to. */
  found: boolean;
}

/** One message in its place: the day before it, the mark of its side, its time after it. */
export const MessageItem = memo(function MessageItem(props: Props) {
  const { entry, newDay, head, tail, copy, progress, onEdit, rating, onRate, found } = props;
  const { t, formatTime } = useI18n();
  const { role } = entry;
  const who = role === 'user' ? t('liveassist.you') : t(`liveassist.${role}`);
  return (
    <>
      {newDay && <DayLine at={entry.at} />}
      <article
        className={styles.message}
        data-own={role === 'user' || undefined}
        data-head={head || undefined}
        data-id={entry.id}
        data-found={found || undefined}
        // Searching leads here: the focus, too.
        tabIndex={-1}
      >
        <VisuallyHidden>{who}: </VisuallyHidden>
        {role !== 'user' && (
          <span className={styles.side}>{head && <Mark role={role} who={who} />}</span>
        )}
        <div className={styles.body}>
          <Bubble entry={entry} progress={progress} onEdit={onEdit} />
          {tail && !entry.row && (
            <div className={styles.foot}>
              <time dateTime={new Date(entry.at).toISOString()}>{formatTime(entry.at)}</time>
              {copy && <CopyButton text={copy} />}
              {role !== 'user' && (
                <RateButtons rating={rating} onRate={(value) => void onRate(entry.id, value)} />
              )}
            </div>
          )}
        </div>
      </article>
    </>
  );
});

/** Beside replies: a tool for the assistant, a headset for a person. */
function Mark({ role, who }: { role: 'assistant' | 'operator'; who: string }) {
  const Icon = role === 'operator' ? Headset : Wrench;
  return (
    <span className={role === 'operator' ? styles.person : styles.mark} title={who}>
      <Icon aria-hidden="true" />
    </span>
  );
}
