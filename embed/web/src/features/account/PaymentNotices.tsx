import type { ReactNode } from 'react';
import type { User } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';

interface Props {
  user: User;
  updateCard?: ReactNode;
}

/** Trouble with a payment, without blame, and with the way to mend it. */
export function PaymentNotices({ user, updateCard }: Props) {
  const { t } = useI18n();
  return (
    <>
      {user.subscription_past_due && (
        <Banner tone="warn" title={t('account.pastDueTitle')} action={updateCard}>
          {t('account.pastDueText')}
        </Banner>
      )}
      {user.subscription_payment === 'processing' && (
        <Banner tone="info" title={t('account.processingTitle')}>
          {t('account.processingText')}
        </Banner>
      )}
      {user.subscription_payment === 'failed' && (
        <Banner tone="danger" title={t('account.failedTitle')}>
          {t('account.failedText')}
        </Banner>
      )}
    </>
  );
}
