import type { ApiError } from '@/api';
import { useOnline } from '@/lib/connection';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';

interface Props {
  error: ApiError | null;
  /** Seconds until the server takes another try. */
  wait: number;
}

/** What stands in the way of the whole form. Nothing that was typed is lost by any of it. */
export function EntryProblem({ error, wait }: Props) {
  const { t } = useI18n();
  const online = useOnline();
  if (!online) {
    return (
      <Banner tone="warn" live="status" title={t('auth.offlineTitle')}>
        {t('auth.offlineText')}
      </Banner>
    );
  }
  if (wait > 0) {
    return (
      <Banner tone="warn" title={t('auth.waitTitle')}>
        {/* Said once, not every second. */}
        <p role="status">{t('auth.waitText')}</p>
        <p aria-hidden="true">{t('auth.waitLeft', { seconds: wait })}</p>
      </Banner>
    );
  }
  if (!error || error.kind === 'rate_limited' || error.kind === 'email_taken') return null;
  return (
    <Banner tone="danger" live="alert">
      {error.kind === 'unauthenticated' ? t('errors.wrongCredentials') : describe(error, t)}
    </Banner>
  );
}
