import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx';
import styles from './IconButton.module.css';

interface Props extends Omit<ComponentProps<'button'>, 'children' | 'aria-label' | 'title'> {
  /** The button's name; also shown as its tooltip. */
  label: string;
  icon: ReactNode;
  /** On the accent colour, for the one main action. */
  filled?: boolean | undefined;
}

/** A button that is only a picture, 44 pixels square. */
export function IconButton({ label, icon, filled, className, type = 'button', ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={cx(styles.button, filled && styles.filled, className)}
    >
      {icon}
    </button>
  );
}
