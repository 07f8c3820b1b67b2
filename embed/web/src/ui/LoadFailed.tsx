import { useI18n } from '@/lib/i18n';
import { Button } from './Button';
import styles from './LoadFailed.module.css';

interface Props {
  /** What could not be had, and why, in words. */
  children: string;
  onRetry: () => void;
}

/** One card that could not be filled; the rest of the page goes on. */
export function LoadFailed({ children, onRetry }: Props) {
  const { t } = useI18n();
  return (
    <div className={styles.failed} role="status">
      <p>{children}</p>
      <Button size="small" onClick={onRetry}>
        {t('ui.retry')}
      </Button>
    </div>
  );
}
