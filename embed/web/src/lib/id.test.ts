import { expect, test, vi } from 'vitest';

import { newId } from '@/lib/id';

test('an id is a UUID of version 7 that begins with its time', () => {
  vi.useFakeTimers({ now: 0x0123456789ab });
  const ids = new Set(Array.from({ length: 2000 }, newId));
  vi.useRealTimers();
  expect(ids.size).toBe(2000);
  const ends = new Set<string>();
  for (const id of ids) {
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    ends.add(id[19] ?? '');
  }
  expect([...ends].sort()).toEqual(['8', '9', 'a', 'b']);
});

test('a later id sorts after an earlier one', () => {
  vi.useFakeTimers({ now: 1_790_000_000_000 });
  const first = newId();
  vi.setSystemTime(1_790_000_000_001);
  expect(newId() > first).toBe(true);
  vi.useRealTimers();
});
