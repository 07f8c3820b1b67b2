import { cx } from './cx';
import styles from './ProgressBar.module.css';

interface Props {
  value: number;
  max: number;
  /** The name that screen readers say with the value. */
  label: string;
  tone?: 'accent' | 'xp' | undefined;
  className?: string | undefined;
}

/** How much of something is done. Words beside it say the same. */
export function ProgressBar({ value, max, label, tone = 'accent', className }: Props) {
  return (
    <progress
      className={cx(styles.bar, styles[tone], className)}
      value={Math.min(Math.max(value, 0), max)}
      max={max}
      aria-label={label}
    />
  );
}
