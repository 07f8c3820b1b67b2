import { lazy, Suspense } from 'react';
import { withTexts } from '@/lib/i18n';
import { useLiveCelebration } from '@/features/billing/celebrate';
import { usePayment } from '@/lib/payment';
import styles from './Bars.module.css';

const PaymentNews = lazy(withTexts('billing', () => import('@/features/billing/PaymentNews')));

/**
 * News of a payment, above every page. The region is always there, to be listened to; what is in it
 * is fetched when somebody came back from the payment page.
 */
export function PaymentRegion() {
  const { phase } = usePayment();
  useLiveCelebration();
  return (
    <div role="status" className={styles.payment} data-print="no">
      {phase !== 'none' && (
        <Suspense fallback={null}>
          <PaymentNews />
        </Suspense>
      )}
    </div>
  );
}
