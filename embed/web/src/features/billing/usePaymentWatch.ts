import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, call } from '@/api';
import { useAuth } from '@/lib/auth';
import { useOutbox } from '@/lib/outbox';
import { usePayment } from '@/lib/payment';
import { keys, meQuery } from '@/lib/queries';
import { xpQuery } from '@/lib/xp';
import { isRecent, useCelebrate } from './celebrate';
import { watchPayment } from './watch';

/** Follows the payment from which the person came back, to its end. */
export function usePaymentWatch() {
  const client = useQueryClient();
  const { phase, sessionId, move } = usePayment();
  const { user } = useAuth();
  const userId = user?.id ?? null;
  const paid = user?.subscription_status === 'paid';
  const watching = phase === 'confirming' && userId !== null && !paid;

  useEffect(() => {
    if (!watching) return;
    let left = false;
    const confirm = async (id: string) => {
      const next = await call(api.POST('/api/billing/confirm', { body: { session_id: id } }));
      if (!left) client.setQueryData(keys.me, next);
      return next;
    };
    void watchPayment({
      // Joins a request that is under way already, as on the load of the page.
      readMe: () => client.query({ ...meQuery, staleTime: 0 }),
      confirm: sessionId === null ? null : () => confirm(sessionId),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      left: () => left,
    }).then((outcome) => {
      if (outcome && !left) move(outcome);
    });
    return () => {
      left = true;
    };
  }, [watching, client, sessionId, move]);

  // Whoever tells it first: the answers above, the stream, another tab.
  useEffect(() => {
    if (paid && (phase === 'confirming' || phase === 'late')) move('paid');
  }, [paid, phase, move]);

  useCelebratedReturn();
  usePhotosBack();
}

/** Points that were awarded while the person was at the payment page: no event tells of them. */
function useCelebratedReturn() {
  const client = useQueryClient();
  const { phase } = usePayment();
  const celebrate = useCelebrate();
  useEffect(() => {
    if (phase !== 'paid') return;
    client.query({ ...xpQuery, staleTime: 0 }).then(
      ({ events }) => {
        const award = events.find((e) => isRecent(e.ts, Date.now()));
        if (award) celebrate(award);
      },
      () => undefined, // The points stand in Account all the same.
    );
  }, [phase, client, celebrate]);
}

/** Without a payment, photos that were to go with it wait in the tray as before. */
function usePhotosBack() {
  const outbox = useOutbox();
  const { phase, move } = usePayment();
  const over =
    phase === 'cancelled' || phase === 'abandoned' || phase === 'failed' || phase === 'unknown';
  useEffect(() => {
    if (!over || !outbox) return;
    void outbox.move(['paying'], 'limit');
    if (phase === 'abandoned') move('none');
  }, [over, outbox, phase, move]);
}
