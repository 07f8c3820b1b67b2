import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import type { Row } from '@/lib/outbox';
import { allowanceOf } from './allowance';
import styles from './AllowanceLine.module.css';

/** What is left of today's photos, said from the start and not only when they are used up. */
export function AllowanceLine({ tray }: { tray: readonly Row[] }) {
  const { t, formatTime } = useI18n();
  const { user } = useAuth();
  if (!user) return null;
  const { limit, left } = allowanceOf(user, []);
  if (limit === null) {
    return (
      <p className={styles.line}>
        <span data-testid="image-allowance">{t('liveassist.imagesUnlimited')}</span>
      </p>
    );
  }
  const last = left === 1 && tray.some((row) => row.state === 'draft');
  return (
    <p className={styles.line}>
      <span data-testid="image-allowance" data-empty={left === 0 || undefined}>
        {t('liveassist.imagesLeft', { left, limit })}
      </span>
      {left === 0 && (
        <span>{t('liveassist.moreAt', { time: formatTime(user.image_reset_at) })}</span>
      )}
      {last && <span className={styles.last}>{t('liveassist.lastImage')}</span>}
    </p>
  );
}
