import type { UseQueryResult } from '@tanstack/react-query';
import { ApiError } from '@/api';
import type { Plan } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';

interface Props {
  plans: UseQueryResult<Plan[]>;
  /** Why the payment page could not be opened. */
  checkout: unknown;
  /** A photo waits; it is not lost by any of this. */
  kept: boolean;
}

/** What stands between the person and the payment page. */
export function Problem({ plans, checkout, kept }: Props) {
  const { t } = useI18n();
  const photo = kept ? ` ${t('billing.photoKept')}` : '';
  const again = (
    <Button size="small" busy={plans.isFetching} onClick={() => void plans.refetch()}>
      {t('billing.tryAgain')}
    </Button>
  );
  if (isUnavailable(checkout) || isUnavailable(plans.error)) {
    return (
      <Banner
        tone="warn"
        live="alert"
        title={t('billing.unavailableTitle')}
        action={plans.isError && again}
      >
        {t('billing.unavailableText') + photo}
      </Banner>
    );
  }
  if (checkout) {
    return (
      <Banner tone="danger" live="alert">
        {describe(checkout, t) + photo}
      </Banner>
    );
  }
  if (!plans.isError) return null;
  return (
    <Banner tone="warn" live="alert" action={again}>
      {t('billing.pricesFailed')}
    </Banner>
  );
}

/** Nothing can be bought at this server, or not now. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof ApiError && error.kind === 'billing_unavailable';
}
