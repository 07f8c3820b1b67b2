import { useI18n } from '@/lib/i18n';
import styles from './Skeleton.module.css';
import { VisuallyHidden } from './VisuallyHidden';

interface Props {
  /** Lines of text that will come. */
  lines?: number | undefined;
  /** One block in place of lines, in rem. */
  height?: number | undefined;
  /** Said to screen readers; default "Loading". */
  label?: string | undefined;
}

/**
 * The place of what is being loaded. It takes its room at once, so that nothing jumps, and
 * shows only after 150 ms, so that a quick answer does not flicker.
 */
export function Skeleton({ lines = 3, height, label }: Props) {
  const { t } = useI18n();
  return (
    <div className={styles.skeleton} role="status">
      <VisuallyHidden>{label ?? t('ui.loading')}</VisuallyHidden>
      {height ? (
        <span className={styles.block} style={{ height: `${height}rem` }} />
      ) : (
        Array.from({ length: lines }, (_, i) => <span key={i} className={styles.line} />)
      )}
    </div>
  );
}
