import styles from './Logo.module.css';

/** A house that is a speech bubble, with the work done: the product's mark. */
export function Mark() {
  return (
    <svg className={styles.mark} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        className={styles.house}
        d="M14.1 3.2a3 3 0 0 1 3.8 0l9 7.4A3 3 0 0 1 28 13v8.5a4.5 4.5 0 0 1-4.5 4.5h-8.2l-5 3.8A.8.8 0 0 1 9 29.2V26h-.5A4.5 4.5 0 0 1 4 21.5V13a3 3 0 0 1 1.1-2.4Z"
      />
      <path className={styles.tick} d="m10.8 16.6 3.7 3.7 6.900-7.200" />
    </svg>
  );
}

/** Mark and name. Decoration: what it stands in says where it leads. */
export function Logo() {
  return (
    <span className={styles.logo}>
      <Mark />
      <span>
        Live<span className={styles.second}>Assist</span>
      </span>
    </span>
  );
}
