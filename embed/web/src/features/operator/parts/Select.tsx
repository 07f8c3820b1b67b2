import { useId } from 'react';
import styles from './Select.module.css';

interface Props<Value extends string> {
  label: string;
  /** The first is for no choice. */
  options: readonly (readonly [value: Value | '', label: string])[];
  value: string;
  onChange: (value: string) => void;
}

/** One of many; the browser's own list. */
export function Select<Value extends string>({ label, options, value, onChange }: Props<Value>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
