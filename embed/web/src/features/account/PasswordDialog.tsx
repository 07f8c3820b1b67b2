import { useId, useState } from 'react';
import type { SubmitEvent } from 'react';
import { ApiError, api, call } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { PasswordField } from '@/ui/PasswordField';
import styles from './SecurityCard.module.css';
import { fieldsOf, isWrongPassword, passwordProblems } from './password';
import type { PasswordProblems } from './password';
import { useSending } from './useSending';

interface Props {
  onClose: () => void;
  onChanged: () => void;
}

/** Asks for the old password and a new one. */
export function PasswordDialog({ onClose, onChanged }: Props) {
  const { t } = useI18n();
  const form = useId();
  const { busy, error, send } = useSending();
  const [problems, setProblems] = useState<PasswordProblems>({});
  const wrong = isWrongPassword(error);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = fieldsOf(event.currentTarget, ['current', 'new']);
    const found = passwordProblems(body.current, body.new);
    setProblems(found);
    if (found.current || found.next) return;
    if (await send(() => call(api.POST('/api/users/me/password', { body })))) onChanged();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('security.changePassword')}
      footer={
        <>
          <Button variant="primary" type="submit" form={form} busy={busy}>
            {t('security.changePassword')}
          </Button>
          <Button onClick={onClose}>{t('security.cancel')}</Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={(e) => void submit(e)} noValidate>
        <p>{t('security.changeLead')}</p>
        {error instanceof ApiError && !wrong && (
          <Banner tone="danger" live="alert">
            {describe(error, t)}
          </Banner>
        )}
        <PasswordField
          label={t('security.current')}
          name="current"
          autoComplete="current-password"
          error={
            problems.current
              ? t(`security.${problems.current}`)
              : wrong
                ? t('security.wrong')
                : undefined
          }
        />
        <PasswordField
          label={t('security.next')}
          name="new"
          autoComplete="new-password"
          hint={t('security.nextHint')}
          error={problems.next && t(`security.${problems.next}`)}
        />
      </form>
    </Dialog>
  );
}
