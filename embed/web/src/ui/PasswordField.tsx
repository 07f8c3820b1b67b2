import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useI18n } from '@/lib/i18n';
import { Field } from './Field';
import styles from './PasswordField.module.css';
import { VisuallyHidden } from './VisuallyHidden';

interface Props {
  /** `Password` without it. */
  label?: string | undefined;
  name?: string | undefined;
  autoComplete: 'current-password' | 'new-password';
  hint?: string | undefined;
  error?: string | undefined;
}

/** A password that can be looked at: typing blind on a phone is the commonest cause of errors. */
export function PasswordField({ label, name = 'password', ...props }: Props) {
  const { t } = useI18n();
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field
      {...props}
      label={label ?? t('auth.password')}
      name={name}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
      trailing={
        <button
          type="button"
          className={styles.reveal}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon aria-hidden="true" />
          <VisuallyHidden>{t('auth.showTyped')}</VisuallyHidden>
        </button>
      }
    />
  );
}
