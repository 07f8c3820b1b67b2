import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Link } from '@/lib/router';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { PasswordField } from '@/ui/PasswordField';
import { EntryProblem } from './EntryProblem';
import styles from './Form.module.css';
import { checkSignIn } from './model';
import { useEntryForm } from './useEntryForm';

interface Props {
  /** After success; what to show next is up to who shows the form. */
  onDone?: (() => void) | undefined;
  /** Filled in already, when it is known who should sign in. */
  email?: string | undefined;
  /** Why the form is here, when it was not asked for. */
  notice?: string | undefined;
}

/** The form alone: a page, a dialog, or the place of a page that needs a signed-in person. */
export function SignInForm({ onDone, email, notice }: Props) {
  const { t } = useI18n();
  const { signIn } = useAuth();
  const entry = useEntryForm({
    check: checkSignIn,
    send: ({ email, password }) => signIn({ email, password }),
    onDone,
  });
  const { problems } = entry;
  return (
    <form
      ref={entry.form}
      className={styles.form}
      onSubmit={entry.submit}
      onBlur={entry.remember}
      noValidate
    >
      {notice && <Banner>{notice}</Banner>}
      <EntryProblem error={entry.error} wait={entry.wait} />
      <Field
        label={t('auth.email')}
        name="email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        defaultValue={email}
        error={problems.email && t(`auth.${problems.email}`)}
      />
      <PasswordField
        autoComplete="current-password"
        error={problems.password && t(`auth.${problems.password}`)}
      />
      <Button variant="primary" type="submit" block busy={entry.busy} disabled={entry.wait > 0}>
        {t('auth.signIn')}
      </Button>
      <p>
        <Link to="/forgot" state={{ email: entry.email || email }}>
          {t('auth.forgot')}
        </Link>
      </p>
    </form>
  );
}
