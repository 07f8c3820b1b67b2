import type { ReactNode } from 'react';
import styles from './PageHeader.module.css';

interface Props {
  title: string;
  /** One sentence under the heading. */
  lead?: ReactNode;
  /** Above the heading: the way back. */
  before?: ReactNode;
  /** Small facts under the sentence. */
  facts?: ReactNode;
  /** Beside the heading on wide screens, below it on narrow ones. */
  aside?: ReactNode;
}

/** The page's one h1. It takes the focus on navigation, so that the new page is read. */
export function PageHeader({ title, lead, before, facts, aside }: Props) {
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        {before}
        <h1 tabIndex={-1}>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
        {facts}
      </div>
      {aside}
    </header>
  );
}
