import { describe, expect, it, vi } from 'vitest';
import type { Page } from './model';
import { appended, readAgain } from './pages';
import type { Pages } from './pages';

const item = (id: string) => ({ id });
const book: Record<string, Page<{ id: string }>> = {
  first: { items: [item('a'), item('b')], next: '2' },
  2: { items: [item('b'), item('c')], next: '3' },
  3: { items: [item('d')], next: null },
};
const reader = () => vi.fn((after?: string) => Promise.resolve(book[after ?? 'first']!));

describe('readAgain', () => {
  it('reads the first page of a list that is not known', async () => {
    const read = reader();
    expect(await readAgain(read, undefined)).toEqual({
      items: [item('a'), item('b')],
      next: '2',
      count: 1,
    });
    expect(read.mock.calls).toEqual([[undefined]]);
  });

  it('reads as many pages as were shown, and lists what moved between them once', async () => {
    const read = reader();
    const known: Pages<{ id: string }> = { items: [item('z')], next: '9', count: 2 };
    const pages = await readAgain(read, known);
    expect(pages.items.map((i) => i.id)).toEqual(['a', 'b', 'c']);
    expect(pages).toMatchObject({ next: '3', count: 2 });
    expect(read.mock.calls).toEqual([[undefined], ['2']]);
  });

  it('stops where the list has become shorter', async () => {
    const read = reader();
    const pages = await readAgain(read, { items: [], next: null, count: 9 });
    expect(pages).toMatchObject({ next: null, count: 3 });
    expect(read).toHaveBeenCalledTimes(3);
  });
});

describe('appended', () => {
  it('ends a list whose page names no next one', () => {
    const known: Pages<{ id: string }> = { items: [item('a')], next: 'x', count: 1 };
    expect(appended(known, { items: [item('b')] })).toEqual({
      items: [item('a'), item('b')],
      next: null,
      count: 2,
    });
  });
});
