import { lazy, Suspense } from 'react';
import type { Row } from '@/lib/outbox';
import styles from './Bubble.module.css';
import type { Entry } from './entries';
import { Photo } from './photo/Photo';
import { RowState } from './RowState';

const Markdown = lazy(() => import('./Markdown'));

interface Props {
  entry: Entry;
  progress: number | undefined;
  onEdit: (row: Row) => void;
}

/** One message: its photo, its words, and where it stands if it is still on its way. */
export function Bubble({ entry, progress, onEdit }: Props) {
  const { role, text, row } = entry;
  const photo = entry.image ?? row?.file;
  return (
    <>
      <div className={styles.bubble} data-role={role} data-pending={row !== null || undefined}>
        {photo && <Photo id={entry.id} image={entry.image} file={row?.file ?? null} text={text} />}
        {text && (
          <div className={styles.text}>{role === 'user' ? text : <Reply text={text} />}</div>
        )}
      </div>
      {row && <RowState row={row} progress={progress} onEdit={onEdit} />}
    </>
  );
}

/** The plain text stands in until the reader of Markdown has arrived. */
export function Reply({ text }: { text: string }) {
  return (
    <Suspense fallback={text}>
      <Markdown text={text} />
    </Suspense>
  );
}

/** Three dots that breathe, for a reply whose first words are on their way. */
export function Dots() {
  return (
    <span className={styles.dots}>
      <span />
      <span />
      <span />
    </span>
  );
}
