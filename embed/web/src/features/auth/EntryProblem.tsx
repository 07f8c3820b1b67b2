import type { ApiError } from '@/api';
import { useOnline } from '@/lib/connection';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { VisuallyHidden } from '@/ui/VisuallyHidden';

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
      <Banner tone="warn" live="status">
        {t('errors.offline')}
      </Banner>
    );
  }
  if (wait > 0) {
    return (
      <Banner tone="warn">
        {/* Said once, not every second. */}
        <VisuallyHidden>
          <span role="status">{describe(error, t)}</span>
        </VisuallyHidden>
        <p aria-hidden="true">{t('errors.rateLimited', { seconds: wait })}</p>
        <p>{t('auth.waitText')}</p>
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
