import { useI18n } from '@/lib/i18n';
import { dayName } from '../entries';
import styles from './Conversations.module.css';

/** Today's time, else the day. */
export function When({ at }: { at: string }) {
  const { formatDate, formatTime } = useI18n();
  const today = dayName(Date.parse(at), Date.now()) === 'today';
  return (
    <time dateTime={at} className={styles.when}>
      {today ? formatTime(at) : formatDate(at, { day: 'numeric', month: 'short' })}
    </time>
  );
}
