import { useRef, useState } from 'react';
import type { DragEvent, ReactNode } from 'react';
import { useI18n } from '@/lib/i18n';
import styles from './DropZone.module.css';

interface Props {
  className?: string | undefined;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

/** Takes photos that are dropped anywhere on the page, and shows that it does. */
export function DropZone({ className, onFiles, children }: Props) {
  const { t } = useI18n();
  const [over, setOver] = useState(false);
  // Every element inside tells its own entering and leaving; only the count says who is inside.
  const depth = useRef(0);
  const withFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    <div
      className={className}
      onDragEnter={(event) => {
        if (!withFiles(event)) return;
        depth.current++;
        setOver(true);
      }}
      onDragLeave={() => {
        depth.current--;
        if (depth.current <= 0) leave();
      }}
      onDragOver={(event) => {
        if (withFiles(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!withFiles(event)) return;
        event.preventDefault();
        leave();
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && (
        <div className={styles.over} aria-hidden="true">
          {t('liveassist.dropHere')}
        </div>
      )}
    </div>
  );
}
