import { useState } from 'react';
import { Link, useLocation } from '@/lib/router';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { PasswordField } from '@/ui/PasswordField';
import { EntryProblem } from './EntryProblem';
import styles from './Form.module.css';
import { Mailed } from './Mailed';
import { carriedEmail, checkRegistration, wayBack } from './model';
import { useEntryForm } from './useEntryForm';

/** Creates an account and signs in, or says that a mail tells how it goes on. */
export function RegisterForm() {
  const { t, lang } = useI18n();
  const { register } = useAuth();
  const [mailed, setMailed] = useState(false);
  const state: unknown = useLocation().state;
  const entry = useEntryForm({
    check: checkRegistration,
    send: async ({ email, password, name }) => {
      setMailed((await register({ email, password, lang, ...(name && { name }) })) === null);
    },
  });
  const { problems } = entry;
  if (mailed) return <Mailed kind="register" email={entry.email} />;
  const taken = entry.error?.kind === 'email_taken';
  return (
    <form ref={entry.form} className={styles.form} onSubmit={entry.submit} noValidate>
      <EntryProblem error={entry.error} wait={entry.wait} />
      <Field
        label={t('auth.name')}
        name="name"
        autoComplete="name"
        maxLength={100}
        hint={t('auth.nameHint')}
      />
      <Field
        label={t('auth.email')}
        name="email"
        type="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        required
        defaultValue={carriedEmail(state)}
        error={
          taken ? (
            <span>
              {t('errors.emailTaken')}{' '}
              <Link to="/login" state={{ ...wayBack(state), email: entry.email }}>
                {t('auth.signInInstead')}
              </Link>
            </span>
          ) : (
            problems.email && t(`auth.${problems.email}`)
          )
        }
      />
      <PasswordField
        autoComplete="new-password"
        hint={t('auth.passwordHint')}
        error={problems.password && t(`auth.${problems.password}`)}
      />
      <Button variant="primary" type="submit" block busy={entry.busy} disabled={entry.wait > 0}>
        {t('auth.createAccount')}
      </Button>
    </form>
  );
}
