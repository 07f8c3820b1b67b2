import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from '@/lib/router';
import type { User } from '@/api';
import { useAuth } from '@/lib/auth';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import styles from './ProfileCard.module.css';

export function ProfileCard({ user }: { user: User }) {
  const { t } = useI18n();
  return (
    <Card title={t('account.profile')}>
      <div className={styles.person}>
        <span className={styles.initial} aria-hidden="true">
          {(user.name || user.email).charAt(0).toUpperCase()}
        </span>
        <dl className={styles.facts}>
          {user.name && (
            <div>
              <dt>{t('account.name')}</dt>
              <dd>{user.name}</dd>
            </div>
          )}
          <div>
            <dt>{t('account.email')}</dt>
            <dd>{user.email}</dd>
          </div>
        </dl>
      </div>
      <SignOut />
    </Card>
  );
}

/** The app asks first when something was not sent yet; a refusal there changes nothing here. */
function SignOut() {
  const { t } = useI18n();
  const { signOut } = useAuth();
  const navigate = useNavigate();
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });

  const leave = async () => {
    setState({ busy: true });
    try {
      if (await signOut()) navigate('/');
      else setState({ busy: false });
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <>
      {state.error !== undefined && (
        <Banner tone="danger" live="alert">
          {describe(state.error, t)}
        </Banner>
      )}
      <Button
        icon={<LogOut aria-hidden="true" />}
        className={styles.signOut}
        busy={state.busy}
        onClick={() => void leave()}
      >
        {t('account.signOut')}
      </Button>
    </>
  );
}
