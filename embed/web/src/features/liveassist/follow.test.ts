import { describe, expect, it } from 'vitest';
import type { Row } from '@/lib/outbox';
import type { Entry } from './entries';
import { changed, NEAR, scrolled } from './follow';

const entry = (id: string, role: Entry['role'] = 'assistant', row: Row | null = null): Entry => ({
  id,
  role,
  text: '',
  at: 0,
  image: null,
  row,
});
const [a, b, c] = [entry('a'), entry('b'), entry('c')];
const away = { atEnd: false, unseen: 0 };

describe('changed', () => {
  it('begins at the end', () => {
    expect(changed(away, [], [a, b]).move).toBe('end');
  });

  it('goes along with a reader at the end', () => {
    expect(changed({ atEnd: true, unseen: 0 }, [a], [a, b]).move).toBe('end');
  });

  it('counts replies for a reader elsewhere and stays', () => {
    const first = changed(away, [a], [a, b]);
    expect(first).toEqual({ move: 'stay', follow: { atEnd: false, unseen: 1 } });
    expect(changed(first.follow, [a, b], [a, b, c]).follow.unseen).toBe(2);
  });

  it('goes to the end for what was written here', () => {
    const own = entry('own', 'user', {} as Row);
    expect(changed({ atEnd: false, unseen: 3 }, [a], [a, own])).toEqual({
      move: 'end',
      follow: { atEnd: true, unseen: 0 },
    });
  });

  it('counts a reply that comes before a waiting own message', () => {
    const own = entry('own', 'user', {} as Row);
    expect(changed(away, [a, own], [a, b, own]).follow.unseen).toBe(1);
  });

  it('stays, and counts nothing, when older messages come', () => {
    expect(changed(away, [b], [a, b])).toEqual({ move: 'stay', follow: away });
  });

  it('stays when an own message has been stored', () => {
    const own = entry('own', 'user', {} as Row);
    expect(changed(away, [a, own], [a, { ...own, row: null }]).move).toBe('stay');
  });

  it('does not jump for an own message from another device', () => {
    expect(changed(away, [a], [a, entry('x', 'user')])).toEqual({ move: 'stay', follow: away });
  });
});

describe('scrolled', () => {
  it('is at the end within 64 pixels, and has then seen all', () => {
    expect(scrolled({ atEnd: false, unseen: 3 }, NEAR)).toEqual({ atEnd: true, unseen: 0 });
    expect(scrolled({ atEnd: true, unseen: 0 }, NEAR + 1)).toEqual({ atEnd: false, unseen: 0 });
  });

  it('gives the same object when nothing changed', () => {
    expect(scrolled(away, 500)).toBe(away);
  });
});
