import type { User } from '@/api';
import { claims } from '@/lib/outbox';
import type { Row } from '@/lib/outbox';

export interface Allowance {
  /** Photos a day; null with Premium. */
  limit: number | null;
  /** What the server would still take today. */
  left: number;
  /** What may still be picked: less those that wait to be sent. */
  free: number;
}

/** How many photos the person may still send, with what is picked already taken off. */
export function allowanceOf(user: User, rows: readonly Row[], preparing = 0): Allowance {
  const { image_limit: limit, image_counter: used } = user;
  if (limit === null) return { limit, left: Infinity, free: Infinity };
  const left = Math.max(0, limit - used);
  return { limit, left, free: Math.max(0, left - claims(rows) - preparing) };
}
