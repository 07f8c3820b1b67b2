/** The longest wait between two tries, in milliseconds. */
export const MAX_DELAY = 30_000;

/**
 * Milliseconds to wait before try number `attempt` (from 0): half a second, doubled each time up to
 * `MAX_DELAY`, the upper half of it at random, so that clients do not return all at once.
 */
export function backoff(attempt: number, random: () => number): number {
  const full = Math.min(MAX_DELAY, 500 * 2 ** attempt);
  return full / 2 + (random() * full) / 2;
}
