import { expect, it } from 'vitest';
import type { Evidence } from '../model';
import { appended } from '../pages';
import { newestFirst } from './line';

const entry = (kind: Evidence['kind'], id: string): Evidence => ({
  kind,
  id,
  at: '2026-11-24T12:00:00.000Z',
  title: 'x',
  data: {},
  docs: [],
});

it('joins pages into one line, and keeps an event and a row of the same number apart', () => {
  const newest = newestFirst({ items: [entry('user', '7'), entry('event', '7')], next: 'older' });
  const older = newestFirst({ items: [entry('webhook', 'w'), entry('event', '6')], next: null });
  const line = appended(appended({ items: [], next: null, count: 0 }, newest), older);
  expect([...line.items].reverse().map((e) => e.id)).toEqual([
    'webhook/w',
    'event/6',
    'user/7',
    'event/7',
  ]);
  expect(line.next).toBeNull();
});
