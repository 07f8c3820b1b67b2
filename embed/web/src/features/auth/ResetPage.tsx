import { useState } from 'react';
import { api, call } from '@/api';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button, ButtonLink } from '@/ui/Button';
import { PasswordField } from '@/ui/PasswordField';
import { EntryProblem } from './EntryProblem';
import styles from './Form.module.css';
import { LinkPage } from './LinkPage';
import { checkNewPassword } from './model';
import { useEntryForm } from './useEntryForm';
import { useLinkToken } from './useLinkToken';

/** Sets a new password with the link of a mail. */
export default function ResetPage() {
  const { t } = useI18n();
  const token = useLinkToken();
  const { user, leave } = useAuth();
  const [owner, setOwner] = useState<string | null>(null);
  const entry = useEntryForm({
    check: (_, password) => checkNewPassword(password),
    send: async ({ password }) => {
      const { email } = await call(api.POST('/api/auth/reset', { body: { token, password } }));
      // The server has ended this browser's sign-in with all others of the account.
      if (user?.email === email) leave();
      setOwner(email);
    },
  });
  const invalid = token === '' || entry.error?.code === 'LINK_INVALID';
  return (
    <LinkPage title={t('mailLinks.resetTitle')} lead={t('mailLinks.resetLead')}>
      {owner !== null ? (
        <div className={styles.form}>
          <Banner tone="success" live="status">
            {t('mailLinks.resetDone')}
          </Banner>
          <ButtonLink variant="primary" block to="/login" state={{ email: owner }}>
            {t('auth.signIn')}
          </ButtonLink>
        </div>
      ) : invalid ? (
        <div className={styles.form}>
          <Banner tone="danger" live="alert">
            {t('mailLinks.linkInvalid')}
          </Banner>
          <ButtonLink variant="primary" block to="/forgot">
            {t('mailLinks.askAgain')}
          </ButtonLink>
        </div>
      ) : (
        <form ref={entry.form} className={styles.form} onSubmit={entry.submit} noValidate>
          <EntryProblem error={entry.error} wait={entry.wait} />
          <PasswordField
            label={t('mailLinks.newPassword')}
            autoComplete="new-password"
            hint={t('auth.passwordHint')}
            error={entry.problems.password && t(`auth.${entry.problems.password}`)}
          />
          <Button variant="primary" type="submit" block busy={entry.busy} disabled={entry.wait > 0}>
            {t('mailLinks.setPassword')}
          </Button>
        </form>
      )}
    </LinkPage>
  );
}
