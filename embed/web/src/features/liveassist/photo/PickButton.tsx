import { useId } from 'react';
import type { ChangeEvent, ReactNode } from 'react';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './PickButton.module.css';

interface Props {
  label: string;
  icon: ReactNode;
  onFiles: (files: File[]) => void;
  multiple?: boolean;
  /** Opens the camera at once. Without it a phone offers the gallery too. */
  capture?: boolean;
}

/** A file input that looks like a button and keeps its name. */
export function PickButton({ label, icon, onFiles, multiple, capture }: Props) {
  const id = useId();
  const picked = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    // The same file may be picked again after it was removed.
    event.target.value = '';
    if (files.length > 0) onFiles(files);
  };
  return (
    <span className={styles.pick}>
      <input
        id={id}
        type="file"
        accept="image/*"
        multiple={multiple}
        {...(capture ? { capture: 'environment' } : {})}
        onChange={picked}
      />
      <label htmlFor={id} title={label}>
        {icon}
        <VisuallyHidden>{label}</VisuallyHidden>
      </label>
    </span>
  );
}
