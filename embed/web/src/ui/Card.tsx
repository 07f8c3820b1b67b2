import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './Card.module.css';
import { cx } from './cx';

interface Props {
  title?: string | undefined;
  /** Beside the title: a badge or a small link. */
  action?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
}

/** A raised surface for one matter; with a title it is a region of that name. */
export function Card({ title, action, children, className }: Props) {
  const id = useId();
  return (
    <section className={cx(styles.card, className)} aria-labelledby={title ? id : undefined}>
      {title && (
        <header className={styles.header}>
          <h2 id={id} className={styles.title}>
            {title}
          </h2>
          {action}
        </header>
      )}
      {children}
    </section>
  );
}
