import { useState } from 'react';
import { api, call } from '@/api';
import type { User } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { onLoopback } from '@/lib/loopback';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { useSending } from './useSending';

/** Asks for the address to be confirmed, where mail can do that. */
export function ConfirmNotice({ user }: { user: User }) {
  const { t, lang } = useI18n();
  const { busy, error, send } = useSending();
  const [sent, setSent] = useState(false);
  if (user.email_confirmed_at !== null || !user.mail_enabled) return null;
  const again = async () => {
    const body = { lang };
    if (await send(() => call(api.POST('/api/auth/confirm/send', { body })))) setSent(true);
  };
  return (
    <Banner
      title={t('security.confirmTitle')}
      action={
        !sent && (
          <Button size="small" busy={busy} onClick={() => void again()}>
            {t('security.confirmAgain')}
          </Button>
        )
      }
    >
      <p role="status">
        {sent ? t('security.confirmSent') : t('security.confirmText', { email: user.email })}
        {onLoopback() && ` ${t('security.confirmLogged')}`}
        {error !== undefined && ` ${describe(error, t)}`}
      </p>
    </Banner>
  );
}
