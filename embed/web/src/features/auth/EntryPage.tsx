import type { ReactNode } from 'react';
import { Navigate, useLocation } from '@/lib/router';
import { useAuth } from '@/lib/auth';
import { useTitle } from '@/lib/title';
import styles from './Form.module.css';
import { wayBack } from './model';

interface Props {
  title: string;
  lead: string;
  /** The form. */
  children: ReactNode;
  /** The way to the other form. */
  other: ReactNode;
}

/** A page with one form; whoever is signed in goes on to where they came from. */
export function EntryPage({ title, lead, children, other }: Props) {
  const { status } = useAuth();
  const state: unknown = useLocation().state;
  useTitle(title);
  if (status === 'signed-in') {
    const { from, fromState } = wayBack(state);
    return <Navigate to={from} state={fromState} replace />;
  }
  return (
    <div className={styles.page}>
      <div className={styles.panel}>
        <div className={styles.head}>
          <h1 tabIndex={-1}>{title}</h1>
          <p className={styles.lead}>{lead}</p>
        </div>
        <div className={styles.card}>{children}</div>
        <p className={styles.other}>{other}</p>
      </div>
    </div>
  );
}
