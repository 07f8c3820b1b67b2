import type { ReactNode } from 'react';
import { useTitle } from '@/lib/title';
import styles from './Form.module.css';

interface Props {
  title: string;
  lead: string;
  children: ReactNode;
}

/** A page with one form for whoever has a link, signed in or not. */
export function LinkPage({ title, lead, children }: Props) {
  useTitle(title);
  return (
    <div className={styles.page}>
      <div className={styles.panel}>
        <div className={styles.head}>
          <h1 tabIndex={-1}>{title}</h1>
          <p className={styles.lead}>{lead}</p>
        </div>
        <div className={styles.card}>{children}</div>
      </div>
    </div>
  );
}
