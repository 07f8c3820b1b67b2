import { describe, expect, it } from 'vitest';
import { aUser } from '@/testing/data';
import { standingOf } from './model';

const now = Date.parse('2026-11-24T12:00:00.000Z');
const past = '2026-11-23T12:00:00.000Z';
const future = '2026-12-24T12:00:00.000Z';

describe('standingOf', () => {
  it.each([
    ['free', null, false, { kind: 'never' }],
    ['free', past, false, { kind: 'ended', on: past }],
    ['paid', null, false, { kind: 'open' }],
    ['paid', future, false, { kind: 'renews', on: future }],
    ['paid', future, true, { kind: 'ends', on: future }],
    ['paid', past, false, { kind: 'renewing' }],
  ] as const)('%s until %s, cancelled %s', (status, expiry, cancels, want) => {
    const user = aUser({
      subscription_status: status,
      subscription_expiry: expiry,
      subscription_cancels: cancels,
    });
    expect(standingOf(user, now)).toEqual(want);
  });
});
