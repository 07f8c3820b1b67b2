import type { ReactNode } from 'react';
import styles from './Picture.module.css';

/** The common style: lines of one width on a soft ground, with one warm spot. Decoration only. */
export function Picture({ children }: { children: ReactNode }) {
  return (
    <svg className={styles.picture} viewBox="0 0 240 168" aria-hidden="true" focusable="false">
      <path
        className={styles.ground}
        d="M34 44c22-30 66-36 104-30s78 22 82 62-24 74-78 78-104-2-118-34 -8-54 10-76Z"
      />
      {children}
    </svg>
  );
}
