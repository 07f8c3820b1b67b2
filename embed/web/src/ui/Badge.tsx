import type { ComponentProps, ReactNode } from 'react';
import styles from './Badge.module.css';
import { cx } from './cx';

type BadgeTone = 'neutral' | 'accent' | 'xp' | 'info' | 'success' | 'warn' | 'danger';

interface Props extends ComponentProps<'span'> {
  tone?: BadgeTone | undefined;
  icon?: ReactNode;
}

/** A short fact: a plan, a duration, a state. */
export function Badge({ tone = 'neutral', icon, className, children, ...rest }: Props) {
  return (
    <span {...rest} className={cx(styles.badge, styles[tone], className)}>
      {icon}
      {children}
    </span>
  );
}
