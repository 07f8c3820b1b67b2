import type { User } from '@/api';

/** How a subscription stands, as a person would tell it. */
export type Standing =
  | { kind: 'never' }
  | { kind: 'renews' | 'ends' | 'ended'; on: string }
  /** Past its date, but expected to renew: the payment is on its way. */
  | { kind: 'renewing' }
  /** Paid without a date: granted by hand. */
  | { kind: 'open' };

type Subscription = Pick<
  User,
  'subscription_status' | 'subscription_expiry' | 'subscription_cancels'
>;

export function standingOf(user: Subscription, now: number): Standing {
  const on = user.subscription_expiry;
  if (user.subscription_status === 'free') return on ? { kind: 'ended', on } : { kind: 'never' };
  if (!on) return { kind: 'open' };
  if (user.subscription_cancels) return { kind: 'ends', on };
  return Date.parse(on) < now ? { kind: 'renewing' } : { kind: 'renews', on };
}
