import { createContext, use } from 'react';

/**
 * Where a payment stands from which the person came back in this tab.
 *
 *   confirming  paid as the payment page says; the server does not know yet
 *   late        the same after two minutes
 *   paid        booked
 *   processing  the bank takes days; the server knows of it
 *   failed      the bank refused
 *   unknown     no payment of this person
 *   cancelled   left by the payment page's own way back
 *   abandoned   left by another way
 */
export type Phase =
  | 'none'
  | 'confirming'
  | 'late'
  | 'paid'
  | 'processing'
  | 'failed'
  | 'unknown'
  | 'cancelled'
  | 'abandoned';

export interface Payment {
  phase: Phase;
  /** Paid and not booked: the plan is not called Free, and nothing is offered for sale. */
  pending: boolean;
  /** Stripe's id of the payment, to be confirmed. */
  sessionId: string | null;
  /** How many photos were to go with the payment. */
  photos: number;
  /** The page on which a cancelled purchase began. */
  returnTo: string | null;
  move: (phase: Phase) => void;
}

export const PaymentContext = createContext<Payment>({
  phase: 'none',
  pending: false,
  sessionId: null,
  photos: 0,
  returnTo: null,
  move: () => undefined,
});

export function usePayment(): Payment {
  return use(PaymentContext);
}
