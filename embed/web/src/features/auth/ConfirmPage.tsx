import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '@/api';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { keys } from '@/lib/queries';
import { Banner } from '@/ui/Banner';
import { Button, ButtonLink } from '@/ui/Button';
import { EntryProblem } from './EntryProblem';
import styles from './Form.module.css';
import { LinkPage } from './LinkPage';
import { useEntryForm } from './useEntryForm';
import { useLinkToken } from './useLinkToken';

/**
 * Confirms an address with the link of a mail. It waits for a press: programs that look through
 * mails open their links too, and would use it up.
 */
export default function ConfirmPage() {
  const { t } = useI18n();
  const token = useLinkToken();
  const { user } = useAuth();
  const client = useQueryClient();
  const [owner, setOwner] = useState<string | null>(null);
  const entry = useEntryForm({
    check: () => ({}),
    send: async () => {
      const { email } = await call(api.POST('/api/auth/confirm', { body: { token } }));
      setOwner(email);
      if (user) void client.invalidateQueries({ queryKey: keys.me });
    },
  });
  const invalid = token === '' || entry.error?.code === 'LINK_INVALID';
  return (
    <LinkPage title={t('mailLinks.confirmTitle')} lead={t('mailLinks.confirmLead')}>
      <form ref={entry.form} className={styles.form} onSubmit={entry.submit} noValidate>
        {owner !== null ? (
          <>
            <Banner tone="success" live="status">
              {t('mailLinks.confirmDone', { email: owner })}
            </Banner>
            <ButtonLink
              variant="primary"
              block
              to={user ? '/account' : '/login'}
              state={{ email: owner }}
            >
              {user ? t('mailLinks.goOn') : t('auth.signIn')}
            </ButtonLink>
          </>
        ) : invalid ? (
          <Banner tone="danger" live="alert">
            {t('mailLinks.linkInvalid')}
          </Banner>
        ) : (
          <>
            <EntryProblem error={entry.error} wait={entry.wait} />
            <Button variant="primary" type="submit" block busy={entry.busy}>
              {t('mailLinks.confirm')}
            </Button>
          </>
        )}
      </form>
    </LinkPage>
  );
}
