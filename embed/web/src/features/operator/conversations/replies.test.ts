import { describe, expect, it } from 'vitest';
import { pauseBefore, pendingIn, restored, withoutRow, withRow } from './replies';
import type { Reply } from './replies';

const reply = (part: Partial<Reply> = {}): Reply => ({
  id: 'r1',
  sessionId: 's1',
  text: 'Hello',
  state: 'sending',
  error: null,
  createdAt: 1,
  ...part,
});

describe('restored', () => {
  it('sends nothing of an earlier page by itself: whether it arrived is not known', () => {
    const rows = restored(JSON.stringify([reply(), reply({ id: 'r2', state: 'failed' })]));
    expect(rows.map((r) => [r.id, r.state])).toEqual([
      ['r1', 'failed'],
      ['r2', 'failed'],
    ]);
  });

  it.each([null, '', 'no JSON', '{}', '[null,1,{"id":2}]'])('makes nothing of %j', (text) => {
    expect(restored(text)).toEqual([]);
  });
});

describe('pendingIn', () => {
  it('shows a reply once: as the message as soon as the server has it', () => {
    const rows = [reply(), reply({ id: 'r2' }), reply({ id: 'r3', sessionId: 's2' })];
    expect(pendingIn(rows, 's1', new Set(['r1'])).map((r) => r.id)).toEqual(['r2']);
  });
});

describe('pauseBefore', () => {
  it('waits longer from try to try, as long as the server asks, and then no more', () => {
    expect([1, 2, 3, 4].map((n) => pauseBefore(n, undefined))).toEqual([1_000, 3_000, 8_000, null]);
    expect(pauseBefore(1, 5)).toBe(5_000);
  });
});

describe('rows', () => {
  it('keep their place when they change', () => {
    const rows = withRow([reply(), reply({ id: 'r2' })], reply({ state: 'failed' }));
    expect(rows.map((r) => [r.id, r.state])).toEqual([
      ['r1', 'failed'],
      ['r2', 'sending'],
    ]);
    expect(withoutRow(rows, 'r1').map((r) => r.id)).toEqual(['r2']);
  });
});
