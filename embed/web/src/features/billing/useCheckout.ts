import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocation } from '@/lib/router';
import { ApiError, api, call } from '@/api';
import type { Plan } from '@/api';
import { forgetPayment, rememberDeparture } from '@/lib/payment';
import { keys } from '@/lib/queries';
import { useUpgrade } from '@/lib/upgrade';
import { useDeparture } from './useDeparture';
import { useWaitingPhotos } from './useWaitingPhotos';

/** Takes the person to the payment page, to come back to this page afterwards. */
export function useCheckout() {
  const client = useQueryClient();
  const { leaving, cancelled } = useUpgrade();
  const { pathname, search } = useLocation();
  const returnTo = pathname + search;
  const photos = useWaitingPhotos();
  const closed = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    closed.current = controller;
    return () => controller.abort();
  }, []);

  const prepare = async (plan: Plan['plan']) => {
    const { signal } = closed.current;
    const url = await addressOf(plan, returnTo, signal);
    await leaving();
    if (signal.aborted) {
      // "Not now" was pressed meanwhile: the photos, ready to be paid for, wait again.
      await cancelled();
      return null;
    }
    rememberDeparture(returnTo, photos.length);
    return url;
  };

  const refreshMe = () => client.invalidateQueries({ queryKey: keys.me });
  return useDeparture({
    prepare: (plan: Plan['plan']) =>
      prepare(plan).catch(async (error: unknown) => {
        // Paid in another tab or on another device, and this page does not know.
        if (error instanceof ApiError && error.kind === 'already_subscribed') await refreshMe();
        throw error;
      }),
    onReturn: () => {
      forgetPayment();
      void cancelled();
      void refreshMe();
    },
  });
}

async function addressOf(plan: Plan['plan'], returnTo: string, signal: AbortSignal) {
  const body = { plan, return_to: returnTo };
  const { url } = await call(api.POST('/api/billing/checkout', { body, signal }));
  return url;
}
