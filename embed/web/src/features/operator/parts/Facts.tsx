import type { ReactNode } from 'react';
import styles from './Facts.module.css';

interface Props {
  /** Name and value; those without a value are left out. */
  facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** What is known of one thing, name by name. */
export function Facts({ facts }: Props) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
