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
import { useOwnTexts } from './texts';
import { useSending } from './useSending';

interface Props {
  onClose: () => void;
  onChanged: () => void;
}

/** Asks for the old password and a new one. */
export function PasswordDialog({ onClose, onChanged }: Props) {
  const { t } = useI18n();
  const texts = useOwnTexts();
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
      title={texts.changePassword}
      footer={
        <>
          <Button variant="primary" type="submit" form={form} busy={busy}>
            {texts.changePassword}
          </Button>
          <Button onClick={onClose}>{texts.cancel}</Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={(e) => void submit(e)} noValidate>
        <p>{texts.changeLead}</p>
        {error instanceof ApiError && !wrong && (
          <Banner tone="danger" live="alert">
            {describe(error, t)}
          </Banner>
        )}
        <PasswordField
          label={texts.current}
          name="current"
          autoComplete="current-password"
          error={problems.current ? texts[problems.current] : wrong ? texts.wrong : undefined}
        />
        <PasswordField
          label={texts.next}
          name="new"
          autoComplete="new-password"
          hint={texts.nextHint}
          error={problems.next && texts[problems.next]}
        />
      </form>
    </Dialog>
  );
}
