import { useI18n } from '@/lib/i18n';
import { onLoopback } from '@/lib/loopback';
import { Banner } from '@/ui/Banner';

interface Props {
  kind: 'register' | 'reset';
  email: string;
}

/** A mail tells how it goes on; whether the address has an account is not said here. */
export function Mailed({ kind, email }: Props) {
  const { t } = useI18n();
  return (
    <Banner tone="success" title={t('mailLinks.mailedTitle')} live="status">
      <p>
        {kind === 'register'
          ? t('mailLinks.mailedRegister', { email })
          : t('mailLinks.mailedReset', { email })}
      </p>
      <p>{onLoopback() ? t('mailLinks.mailedLogged') : t('mailLinks.mailedSpam')}</p>
    </Banner>
  );
}
