import { useId, useState } from 'react';
import type { SubmitEvent } from 'react';
import { ApiError, api, call } from '@/api';
import type { User } from '@/api';
import { useAuth } from '@/lib/auth';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { useNavigate } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { PasswordField } from '@/ui/PasswordField';
import { fieldsOf, isWrongPassword } from './password';
import styles from './SecurityCard.module.css';
import { useSending } from './useSending';

interface Props {
  user: User;
  onClose: () => void;
}

/** Says what goes and what must stay, and asks for the password. */
export function DeleteDialog({ user, onClose }: Props) {
  const { t } = useI18n();
  const form = useId();
  const { leave } = useAuth();
  const navigate = useNavigate();
  const { busy, error, send } = useSending();
  const [missing, setMissing] = useState(false);
  const wrong = isWrongPassword(error);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = fieldsOf(event.currentTarget, ['password']);
    setMissing(body.password === '');
    if (body.password === '') return;
    if (!(await send(() => call(api.POST('/api/users/me/deletion', { body }))))) return;
    leave();
    navigate('/');
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('security.deleteAccount')}
      footer={
        <>
          <Button variant="danger" type="submit" form={form} busy={busy}>
            {t('security.deleteForGood')}
          </Button>
          <Button onClick={onClose}>{t('security.cancel')}</Button>
        </>
      }
    >
      <form id={form} className={styles.consequences} onSubmit={(e) => void submit(e)} noValidate>
        <p>{t('security.deleteText')}</p>
        <ul>
          <li>{t('security.deleteGoes')}</li>
          {user.subscription_status === 'paid' && <li>{t('security.deletePremium')}</li>}
          <li>{t('security.deleteStays')}</li>
          <li>{t('security.deleteBackups')}</li>
        </ul>
        {error !== undefined && !wrong && <Refused error={error} />}
        <PasswordField
          autoComplete="current-password"
          error={missing ? t('security.missing') : wrong ? t('security.wrong') : undefined}
        />
      </form>
    </Dialog>
  );
}

function Refused({ error }: { error: unknown }) {
  const { t } = useI18n();
  const billing = error instanceof ApiError && error.kind === 'billing_unavailable';
  return (
    <Banner tone="danger" live="alert">
      {billing ? t('security.deleteRefused') : describe(error, t)}
    </Banner>
  );
}
