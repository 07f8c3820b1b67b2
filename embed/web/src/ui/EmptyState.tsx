import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

interface Props {
  picture?: ReactNode;
  /** Left out where the page's heading says it. */
  title?: string | undefined;
  children?: ReactNode;
  /** What to do next. */
  action?: ReactNode;
  /** `h2` unless the surrounding heading asks for another. */
  level?: 2 | 3 | undefined;
}

/** Nothing is here yet (or could not be had), and what to do about it. */
export function EmptyState({ picture, title, children, action, level = 2 }: Props) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className={styles.empty}>
      {picture && <div className={styles.picture}>{picture}</div>}
      {title && <Heading className={styles.title}>{title}</Heading>}
      {children && <div className={styles.words}>{children}</div>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
