import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '@/api';
import type { Login } from '@/api';
import { useAuth } from '@/lib/auth';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { keys } from '@/lib/queries';
import { useNavigate } from '@/lib/router';
import { Badge } from '@/ui/Badge';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { LoadFailed } from '@/ui/LoadFailed';
import { Skeleton } from '@/ui/Skeleton';
import { PasswordDialog } from './PasswordDialog';
import styles from './SecurityCard.module.css';
import { useSending } from './useSending';

/** The password, and where the person is signed in. */
export function SecurityCard() {
  const { t } = useI18n();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [changed, setChanged] = useState(false);
  return (
    <Card title={t('security.security')}>
      {changed && (
        <Banner tone="success" live="status">
          {t('security.changed')}
        </Banner>
      )}
      <Button className={styles.start} onClick={() => setOpen(true)}>
        {t('security.changePassword')}
      </Button>
      <Browsers />
      {open && (
        <PasswordDialog
          onClose={() => setOpen(false)}
          onChanged={() => {
            setOpen(false);
            setChanged(true);
            void client.invalidateQueries({ queryKey: keys.logins });
          }}
        />
      )}
    </Card>
  );
}

function Browsers() {
  const { t } = useI18n();
  const { leave } = useAuth();
  const navigate = useNavigate();
  const { busy, error, send } = useSending();
  const logins = useQuery({
    queryKey: keys.logins,
    queryFn: () => call(api.GET('/api/users/me/logins')),
    refetchOnMount: 'always',
  });
  const everywhere = async () => {
    if (!(await send(() => call(api.POST('/api/auth/logout-everywhere'))))) return;
    leave();
    navigate('/');
  };
  if (logins.isError) {
    return (
      <LoadFailed onRetry={() => void logins.refetch()}>{describe(logins.error, t)}</LoadFailed>
    );
  }
  if (!logins.data) return <Skeleton lines={3} />;
  return (
    <div className={styles.browsers}>
      <h3>{t('security.browsers')}</h3>
      <ul data-plain>
        {logins.data.map((login) => (
          <Browser key={`${login.created_at} ${login.browser}`} login={login} />
        ))}
      </ul>
      {error !== undefined && (
        <Banner tone="danger" live="alert">
          {describe(error, t)}
        </Banner>
      )}
      <Button className={styles.start} busy={busy} onClick={() => void everywhere()}>
        {t('security.everywhere')}
      </Button>
    </div>
  );
}

function Browser({ login }: { login: Login }) {
  const { t, formatDate } = useI18n();
  const { browser, system } = login;
  const name = browser && system ? t('security.browserOn', { browser, system }) : browser || system;
  return (
    <li>
      <span>
        {name || t('security.unknownBrowser')}
        <time dateTime={login.last_seen_at}>
          {t('security.lastSeen', { date: formatDate(login.last_seen_at) })}
        </time>
      </span>
      {login.current && <Badge>{t('security.thisBrowser')}</Badge>}
    </li>
  );
}
