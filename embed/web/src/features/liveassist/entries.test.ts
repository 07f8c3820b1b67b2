import { describe, expect, it } from 'vitest';
import type { Row } from '@/lib/outbox';
import { aMessage } from '@/testing/data';
import { dayName, entriesOf, itemsOf, own } from './entries';
import type { Entry } from './entries';

const aRow = (part: Partial<Row>): Row => ({
  id: 'row',
  userId: 'u',
  sessionId: 's',
  text: '',
  file: null,
  state: 'queued',
  attempts: 0,
  error: null,
  createdAt: 0,
  notBefore: 0,
  limitedUntil: null,
  ...part,
});

describe('entriesOf', () => {
  const message = aMessage();

  it('shows stored messages, then what is on its way', () => {
    const rows = [aRow({ id: 'x' }), aRow({ id: 'y', sessionId: null })];
    expect(entriesOf([message], rows).map((e) => e.id)).toEqual([message.id, 'x', 'y']);
  });

  it('shows one id once', () => {
    expect(entriesOf([message], [aRow({ id: message.id })])).toHaveLength(1);
  });

  it('leaves out the tray', () => {
    const rows = [aRow({ state: 'draft' }), aRow({ state: 'limit' }), aRow({ state: 'paying' })];
    expect(entriesOf([], rows)).toEqual([]);
  });

  it('gives the same object for an unchanged message', () => {
    expect(entriesOf([message], [])[0]).toBe(entriesOf([message], [])[0]);
  });
});

describe('own', () => {
  const rows = [
    aRow({ id: 'mine' }),
    aRow({ id: 'none', sessionId: null }),
    aRow({ id: 'other', sessionId: 'other' }),
    aRow({ id: 'gone', sessionId: 'gone' }),
  ];
  const known = ['s', 'other'].map((id) => ({
    id,
    title: '',
    createdAt: '',
    lastActiveAt: '',
    lastMessage: null,
  }));

  it('leaves what belongs to another conversation there', () => {
    expect(own(rows, 's', known).map((r) => r.id)).toEqual(['mine', 'none', 'gone']);
  });

  it('takes none for gone before it knows which there are', () => {
    expect(own(rows, 's', undefined).map((r) => r.id)).toEqual(['mine', 'none']);
  });
});

describe('itemsOf', () => {
  const at = (minute: number, role: Entry['role'] = 'user', day = 24): Entry => ({
    id: `${day}-${minute}-${role}`,
    role,
    text: `${minute}`,
    image: null,
    row: null,
    at: new Date(2026, 10, day, 12, minute).getTime(),
  });
  /** `|` a new day, `<` a head, `>` a tail. */
  const shape = (...entries: Entry[]) =>
    itemsOf(entries)
      .map((i) => `${i.newDay ? '|' : ''}${i.head ? '<' : ''}${i.entry.text}${i.tail ? '>' : ''}`)
      .join(' ');

  it('joins one side within five minutes', () => {
    expect(shape(at(0), at(4), at(8))).toBe('|<0 4 8>');
    expect(shape(at(0), at(5))).toBe('|<0> <5>');
  });

  it('parts sides and days', () => {
    expect(shape(at(0), at(1, 'assistant'), at(2))).toBe('|<0> <1> <2>');
    expect(shape(at(0), at(1, 'user', 25))).toBe('|<0> |<1>');
  });

  it('gives a whole reply to be copied, at its end', () => {
    const items = itemsOf([at(0), at(1, 'assistant'), at(2, 'assistant'), at(3)]);
    expect(items.map((i) => i.copy)).toEqual([null, null, '1\n\n2', null]);
  });
});

describe('dayName', () => {
  const now = new Date(2026, 2, 1, 8).getTime();
  it.each([
    [new Date(2026, 2, 1, 0, 1), 'today'],
    [new Date(2026, 1, 28, 23, 59), 'yesterday'],
    [new Date(2026, 1, 27, 12), 'date'],
    [new Date(2025, 2, 1, 8), 'date'],
  ])('%s is %s', (date, want) => {
    expect(dayName(date.getTime(), now)).toBe(want);
  });
});
