import styles from './Spinner.module.css';
import { VisuallyHidden } from './VisuallyHidden';

interface Props {
  /** Said to screen readers; without it the spinner is decoration beside words. */
  label?: string | undefined;
}

/** Work under way, of unknown length. */
export function Spinner({ label }: Props) {
  return (
    <span className={styles.spinner} role={label ? 'status' : undefined}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle className={styles.track} cx="10" cy="10" r="8" />
        <path className={styles.arc} d="M10 2a8 8 0 0 1 8 8" />
      </svg>
      {label && <VisuallyHidden>{label}</VisuallyHidden>}
    </span>
  );
}
