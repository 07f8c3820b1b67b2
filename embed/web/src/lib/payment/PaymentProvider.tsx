import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { forgetPayment } from './arrival';
import type { Arrival } from './arrival';
import { PaymentContext } from './context';
import type { Phase } from './context';

interface Props {
  arrival: Arrival;
  children: ReactNode;
}

/** Holds where a payment stands from which the person came back, for all of the app. */
export function PaymentProvider({ arrival, children }: Props) {
  const [phase, setPhase] = useState<Phase>(
    arrival.kind === 'success' ? 'confirming' : arrival.kind,
  );
  const sessionId = arrival.kind === 'success' ? arrival.sessionId : null;
  const photos = arrival.kind === 'success' ? arrival.photos : 0;
  const returnTo = arrival.kind === 'cancelled' ? arrival.returnTo : null;

  const value = useMemo(() => {
    const open = phase === 'confirming' || phase === 'late';
    return {
      phase,
      // Without an id no payment page sent the person here; what the server says then stands.
      pending: open && sessionId !== null,
      sessionId,
      photos,
      returnTo,
      move: (next: Phase) => {
        if (next !== 'confirming' && next !== 'late') forgetPayment();
        setPhase(next);
      },
    };
  }, [phase, sessionId, photos, returnTo]);

  return <PaymentContext value={value}>{children}</PaymentContext>;
}
