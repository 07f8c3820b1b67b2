import type { ComponentProps } from 'react';
import styles from './QuietButton.module.css';

/** A small button that steps back behind what it belongs to, such as a reply. */
export function QuietButton(props: Omit<ComponentProps<'button'>, 'className' | 'type'>) {
  return <button {...props} type="button" className={styles.quiet} />;
}
