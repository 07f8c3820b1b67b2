import { describe, expect, it } from 'vitest';
import { countOf, noted, parseUnread, seen } from './model';

describe('unread', () => {
  it('counts each reply once, however many tabs note it', () => {
    const once = noted({}, 's', 'a');
    expect(noted(once, 's', 'a')).toBe(once);
    expect(countOf(noted(once, 's', 'b'))).toBe(2);
  });

  it('is seen by conversation', () => {
    const both = noted(noted({}, 's', 'a'), 't', 'b');
    expect(seen(both, 's')).toEqual({ t: ['b'] });
    expect(seen(both, 'other')).toBe(both);
  });

  it('does not grow without end', () => {
    let unread = {};
    for (let i = 0; i < 200; i++) unread = noted(unread, 's', String(i));
    expect(countOf(unread)).toBe(99);
  });

  it.each([null, '', 'nonsense', '[]', '3', 'null', '{"s":3}', '{"s":[1]}'])(
    'reads %s as nothing',
    (stored) => {
      expect(countOf(parseUnread(stored))).toBe(0);
    },
  );

  it('reads what it wrote', () => {
    const unread = noted({}, 's', 'a');
    expect(parseUnread(JSON.stringify(unread))).toEqual(unread);
  });
});
