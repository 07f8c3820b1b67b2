import { useI18n } from '@/lib/i18n';
import styles from './DayLine.module.css';
import { dayName } from './entries';

/** Between two days. */
export function DayLine({ at }: { at: number }) {
  const { t, formatDate } = useI18n();
  const name = dayName(at, Date.now());
  const thisYear = new Date(at).getFullYear() === new Date().getFullYear();
  const date = formatDate(at, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(thisYear ? {} : { year: 'numeric' }),
  });
  return <p className={styles.day}>{name === 'date' ? date : t(`liveassist.${name}`)}</p>;
}
