import { CircleAlert } from 'lucide-react';
import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx';
import styles from './Field.module.css';

interface Props extends Omit<ComponentProps<'input'>, 'id'> {
  label: string;
  /** What to write, said before it goes wrong. */
  hint?: string | undefined;
  /** What to change, in words or with a link; the value stays. */
  error?: ReactNode;
  /** Beside the input, such as a button that shows the password. */
  trailing?: ReactNode;
}

/** A labelled input whose hint and error are read with it. */
export function Field({ label, hint, error, trailing, className, ...input }: Props) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={cx(styles.field, className)}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={cx(styles.box, error ? styles.invalid : undefined)}>
        <input
          {...input}
          id={id}
          className={styles.input}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
        />
        {trailing}
      </div>
      {hint && !error && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={styles.error}>
          <CircleAlert aria-hidden="true" />
          {error}
        </p>
      )}
    </div>
  );
}
