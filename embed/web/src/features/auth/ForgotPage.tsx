import { useState } from 'react';
import { api, call } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Link, useLocation } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { EntryProblem } from './EntryProblem';
import styles from './Form.module.css';
import { LinkPage } from './LinkPage';
import { Mailed } from './Mailed';
import { carriedEmail, checkEmail } from './model';
import { useEntryForm } from './useEntryForm';

/** Asks for a link to set a new password. */
export default function ForgotPage() {
  const { t, lang } = useI18n();
  const state: unknown = useLocation().state;
  const [sent, setSent] = useState(false);
  const entry = useEntryForm({
    check: checkEmail,
    send: ({ email }) => call(api.POST('/api/auth/forgot', { body: { email, lang } })),
    onDone: () => setSent(true),
  });
  const off = entry.error?.kind === 'mail_unavailable';
  return (
    <LinkPage title={t('mailLinks.forgotTitle')} lead={t('mailLinks.forgotLead')}>
      <form ref={entry.form} className={styles.form} onSubmit={entry.submit} noValidate>
        {off && (
          <Banner tone="warn" live="alert">
            {t('mailLinks.mailOff')}
          </Banner>
        )}
        {!off && <EntryProblem error={entry.error} wait={entry.wait} />}
        {sent && <Mailed kind="reset" email={entry.email} />}
        <Field
          label={t('auth.email')}
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          defaultValue={carriedEmail(state)}
          error={entry.problems.email && t(`auth.${entry.problems.email}`)}
        />
        <Button variant="primary" type="submit" block busy={entry.busy} disabled={entry.wait > 0}>
          {t('mailLinks.sendLink')}
        </Button>
        <p>
          <Link to="/login" state={{ email: entry.email }}>
            {t('mailLinks.backToSignIn')}
          </Link>
        </p>
      </form>
    </LinkPage>
  );
}
