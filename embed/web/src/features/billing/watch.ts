import { ApiError } from '@/api';
import type { User } from '@/api';

/** Seconds after the return at which the server is asked; booking takes one or two as a rule. */
const LOOKS = [0, 1, 2, 3, 5, 8, 13, 28, 43, 58, 73, 88, 103, 118];

/** At these, the payment itself is asked about too, should Stripe's own message have been lost. */
const CONFIRMS = new Set([0, 5, 13, 43, 73, 103]);

/** Seconds after which the watch ends; the live stream goes on waiting. */
const END = 120;

export type Outcome = 'paid' | 'processing' | 'failed' | 'unknown' | 'late';

interface Watch {
  /** The person as the server knows them; null where nobody is signed in. */
  readMe: () => Promise<User | null>;
  /** Asks the server to read the payment; null where its id is not known. */
  confirm: (() => Promise<User>) | null;
  /** Resolves after so many milliseconds. */
  pause: (ms: number) => Promise<void>;
  /** True once nobody waits for the outcome any more. */
  left: () => boolean;
}

/** Watches a payment until its outcome is known, two minutes at most; null when it was left. */
export async function watchPayment(watch: Watch): Promise<Outcome | null> {
  let last = 0;
  for (const at of LOOKS) {
    await watch.pause((at - last) * 1_000);
    last = at;
    if (watch.left()) return null;
    const outcome = await look(watch, CONFIRMS.has(at));
    if (outcome) return outcome;
  }
  await watch.pause((END - last) * 1_000);
  return watch.left() ? null : 'late';
}

/** One look; null when it told nothing, be it that the server did not answer. */
async function look({ readMe, confirm }: Watch, ask: boolean): Promise<Outcome | null> {
  const me = await readMe().catch(() => null);
  // What the server says of an earlier payment that failed is no news of this one.
  const known = me && standing(me);
  if (known && known !== 'failed') return known;
  if (!ask || !confirm) return null;
  try {
    return standing(await confirm());
  } catch (error) {
    return error instanceof ApiError && error.status === 404 ? 'unknown' : null;
  }
}

function standing(user: User): Outcome | null {
  if (user.subscription_status === 'paid') return 'paid';
  return user.subscription_payment === 'none' ? null : user.subscription_payment;
}
