import { useEffect } from 'react';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { usePayment } from '@/lib/payment';
import { useToast } from '@/lib/toast';
import { useUpgrade } from '@/lib/upgrade';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Offer } from './Offer';
import { useWaitingPhotos } from './useWaitingPhotos';

/** The offer of Premium, as long as there is something to offer. */
export default function UpgradeDialog() {
  const { request, close } = useUpgrade();
  const { user } = useAuth();
  const { pending } = usePayment();
  const paid = user?.subscription_status === 'paid';
  useCloseWhenPaid(paid);
  if (!request || !user || paid) return null;
  if (pending || user.subscription_payment === 'processing') return <OnItsWay onClose={close} />;
  return <Offer user={user} reason={request.reason} onClose={close} />;
}

/** Paid in another tab, or on another device: there is nothing left to decide. */
function useCloseWhenPaid(paid: boolean) {
  const { t } = useI18n();
  const { close } = useUpgrade();
  const toast = useToast();
  const photos = useWaitingPhotos();
  // Photos that go now are told of by those who send them.
  const silent = photos.length > 0;
  useEffect(() => {
    if (!paid) return;
    if (!silent) toast(t('billing.paidTitle'), { tone: 'success' });
    close();
  }, [paid, silent, toast, t, close]);
}

/** Nothing is offered twice. */
function OnItsWay({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('billing.upgrade')}
      heading={t('billing.pendingHeading')}
      footer={<Button onClick={onClose}>{t('billing.close')}</Button>}
    >
      <p>{t('billing.pendingText')}</p>
    </Dialog>
  );
}
