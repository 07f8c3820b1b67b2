import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { usePayment } from '@/lib/payment';
import { keys } from '@/lib/queries';
import { useToast } from '@/lib/toast';
import { useUpgradeListener } from '@/lib/upgrade';
import type { Outbox } from './outbox';

/** Milliseconds that a hidden tab waits, so that the visible one sends the photo and says so. */
const AFTER_YOU = 2_000;

/** The longest time that a browser's timer can take. */
const MAX_TIMER = 2 ** 31 - 1;

/**
 * Lets photos go that waited for their allowance: after a payment they are sent by themselves; on
 * a new day they become drafts again, to be sent by the person.
 */
export function useAllowanceRelease(outbox: Outbox | null) {
  const client = useQueryClient();
  const { user } = useAuth();
  const toast = useToast();
  const { t } = useI18n();
  // Where the person comes back from the payment page, that page's news tells of the photos.
  const told = usePayment().phase !== 'none';
  const paid = user?.subscription_status === 'paid';
  const resetAt = user?.image_reset_at ?? null;

  useUpgradeListener({
    leaving: () => outbox?.move(['limit'], 'paying'),
    cancelled: () => outbox?.move(['paying'], 'limit'),
  });

  useEffect(() => {
    if (!outbox || !paid) return;
    let gone = false;
    const release = async () => {
      const count = await outbox.release();
      if (count > 0 && !told && !gone)
        toast(t('app.photosReleased', { count }), { tone: 'success' });
    };
    const timer = setTimeout(
      () => void release(),
      document.visibilityState === 'hidden' ? AFTER_YOU : 0,
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [outbox, paid, told, toast, t]);

  useEffect(() => {
    if (!outbox || !resetAt) return;
    void outbox.newDay(resetAt);
    const ask = () => void client.invalidateQueries({ queryKey: keys.me });
    const wait = Math.max(1_000, Date.parse(resetAt) - Date.now() + 1_000);
    const timer = setTimeout(ask, Math.min(wait, MAX_TIMER));
    return () => clearTimeout(timer);
  }, [outbox, resetAt, client]);

  useEffect(() => {
    if (!outbox) return;
    // Back from the payment page with the Back button: nobody paid, as far as this page knows.
    const back = (event: PageTransitionEvent) => {
      if (!event.persisted) return;
      void client.invalidateQueries({ queryKey: keys.me });
      void outbox.move(['paying'], 'limit');
    };
    addEventListener('pageshow', back);
    return () => removeEventListener('pageshow', back);
  }, [outbox, client]);
}
