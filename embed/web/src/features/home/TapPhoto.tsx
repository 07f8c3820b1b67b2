import styles from './TapPhoto.module.css';

/** A photo of a dripping kitchen tap, as far as a drawing can be one. */
export function TapPhoto() {
  return (
    <svg viewBox="0 0 260 150" className={styles.photo} aria-hidden="true" focusable="false">
      <rect className={styles.wall} width="260" height="150" />
      <path
        className={styles.tiles}
        d="M0 38h260M0 78h260M52 0v38M156 0v38M104 38v40M208 38v40M52 78v34M156 78v34"
      />
      <path className={styles.top} d="M0 112h260v38H0Z" />
      <path className={styles.basin} d="M58 120h150l-10 22a8 8 0 0 1-7 5H75a8 8 0 0 1-7-5Z" />
      <g className={styles.metal}>
        <rect x="172" y="66" width="20" height="48" rx="5" />
        <path d="M174 74V52c0-16-12-27-30-27h-4c-17 0-29 11-29 27v10h16V53c0-8 6-13 14-13h3c9 0 14 5 14 13v21Z" />
        <rect x="107" y="60" width="24" height="9" rx="4" />
        <path d="m190 74 30-13a6 6 0 0 1 5 11l-33 13Z" />
        <rect x="164" y="110" width="36" height="8" rx="4" />
      </g>
      <path className={styles.shine} d="M179 76v30M119 50c1-10 9-17 20-18" />
      <path
        className={styles.drop}
        d="M119 76c6 8 6 14 0 14s-6-6 0-14ZM119 103c5 7 5 12 0 12s-5-5 0-12Z"
      />
      <path className={styles.ripple} d="M103 128c8-4 24-4 32 0" />
    </svg>
  );
}
