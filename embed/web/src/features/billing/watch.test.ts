import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api';
import type { User } from '@/api';
import { aUser } from '@/testing/data';
import { watchPayment } from './watch';

const free = aUser();
const paid = aUser({ subscription_status: 'paid' });

/** Watches with a clock that runs by itself; `log` has the second of every question. */
async function watch(options: {
  me?: (at: number) => User | null;
  confirm?: ((at: number) => User) | null;
  leftAt?: number;
}) {
  let now = 0;
  const log: string[] = [];
  const { me = () => free, confirm = () => free, leftAt = Infinity } = options;
  const outcome = await watchPayment({
    readMe: () => {
      log.push(`me ${now}`);
      return Promise.resolve().then(() => me(now));
    },
    confirm:
      confirm &&
      (() => {
        log.push(`confirm ${now}`);
        return Promise.resolve().then(() => confirm(now));
      }),
    pause: (ms) => Promise.resolve(void (now += ms / 1000)),
    left: () => now >= leftAt,
  });
  return { outcome, log, now };
}

const refusal = (status: number) => () => {
  throw new ApiError({ status, kind: 'not_found', message: 'no' });
};

describe('watchPayment', () => {
  it('asks for the person at once, and for nothing more when that tells', async () => {
    expect(await watch({ me: () => paid })).toEqual({ outcome: 'paid', log: ['me 0'], now: 0 });
  });

  it('asks for the payment itself when the person is not paid yet', async () => {
    const { outcome, log } = await watch({ confirm: () => paid });
    expect(outcome).toBe('paid');
    expect(log).toEqual(['me 0', 'confirm 0']);
  });

  it('looks at 1, 2, 3, 5, 8, 13 seconds, then every 15, and is late after two minutes', async () => {
    const { outcome, log, now } = await watch({});
    expect(outcome).toBe('late');
    expect(now).toBe(120);
    const looks = log.filter((l) => l.startsWith('me')).map((l) => Number(l.slice(3)));
    expect(looks).toEqual([0, 1, 2, 3, 5, 8, 13, 28, 43, 58, 73, 88, 103, 118]);
    expect(log.filter((l) => l.startsWith('confirm')).length).toBeGreaterThan(2);
  });

  it('goes on when the server does not answer', async () => {
    const me = vi.fn((at: number) => {
      if (at < 5) throw ApiError.network();
      return paid;
    });
    expect(await watch({ me, confirm: refusal(503) })).toMatchObject({ outcome: 'paid', now: 5 });
  });

  it('knows a payment of somebody else', async () => {
    expect((await watch({ confirm: refusal(404) })).outcome).toBe('unknown');
  });

  it('does not confirm what has no id', async () => {
    const { outcome, log } = await watch({ confirm: null });
    expect(outcome).toBe('late');
    expect(log.join()).not.toContain('confirm');
  });

  it('tells of a bank that takes days', async () => {
    const processing = aUser({ subscription_payment: 'processing' });
    expect((await watch({ me: () => processing })).outcome).toBe('processing');
  });

  it('takes a failure from the payment itself, not from one that failed before', async () => {
    const failed = aUser({ subscription_payment: 'failed' });
    expect(await watch({ me: () => failed, confirm: () => paid })).toMatchObject({
      outcome: 'paid',
    });
    expect((await watch({ confirm: () => failed })).outcome).toBe('failed');
  });

  it('ends without a word when nobody waits any more', async () => {
    const { outcome, log } = await watch({ leftAt: 2 });
    expect(outcome).toBeNull();
    expect(log).toEqual(['me 0', 'confirm 0', 'me 1']);
  });
});
