import { describe, expect, it } from 'vitest';
import { aMessage } from '@/testing/data';
import { add, mergeNewest, prepend } from './model';

const [a, b, c, d, e] = [aMessage(), aMessage(), aMessage(), aMessage(), aMessage()];

describe('add', () => {
  it('puts a message where its time belongs, after equal times', () => {
    const twin = aMessage({ createdAt: b.createdAt });
    expect(add([a, b, d], c)).toEqual([a, b, c, d]);
    expect(add([a, b, d], twin)).toEqual([a, b, twin, d]);
    expect(add([], a)).toEqual([a]);
  });

  it('changes nothing for a known id', () => {
    const known = [a, b];
    expect(add(known, { ...a, text: 'other' })).toBe(known);
  });
});

describe('mergeNewest', () => {
  it('takes the first page as it is', () => {
    expect(mergeNewest(undefined, [a, b], 2)).toEqual({ messages: [a, b], hasOlder: true });
    expect(mergeNewest(undefined, [a, b], 3)).toEqual({ messages: [a, b], hasOlder: false });
  });

  it('keeps older ones that the page reaches', () => {
    const known = { messages: [a, b, c], hasOlder: false };
    expect(mergeNewest(known, [c, d], 2)).toEqual({ messages: [a, b, c, d], hasOlder: false });
  });

  it('lets older ones go when there may be a gap', () => {
    const known = { messages: [a, b], hasOlder: false };
    expect(mergeNewest(known, [d, e], 2)).toEqual({ messages: [d, e], hasOlder: true });
  });

  it('keeps what came by the stream while the page was on its way', () => {
    const known = { messages: [a, b, c], hasOlder: false };
    expect(mergeNewest(known, [a, b], 5)).toEqual({ messages: [a, b, c], hasOlder: false });
  });
});

describe('prepend', () => {
  it('puts a page before, without doubles', () => {
    const known = { messages: [c, d], hasOlder: true };
    expect(prepend(known, [a, b, c], 3)).toEqual({ messages: [a, b, c, d], hasOlder: true });
    expect(prepend(known, [b], 3)).toEqual({ messages: [b, c, d], hasOlder: false });
  });
});
