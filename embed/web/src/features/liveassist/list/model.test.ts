import { describe, expect, it } from 'vitest';
import type { Session } from '@/api';
import { aMessage } from '@/testing/data';
import { emptyOne, several } from './model';
import { piecesOf, plain } from './words';

describe('piecesOf', () => {
  const marked = (snippet: string, matches: number[][]) =>
    piecesOf({ snippet, matches })
      .map(({ text, hit }) => (hit ? `<${text}>` : text))
      .join('');

  it.each([
    ['the tap drips', [[4, 7]], 'the <tap> drips'],
    [
      'tap and tap',
      [
        [0, 3],
        [8, 11],
      ],
      '<tap> and <tap>',
    ],
    ['nothing', [], 'nothing'],
    // UTF-16 code units: an emoji is two.
    ['🙂 tap', [[3, 6]], '🙂 <tap>'],
  ])('%s', (snippet, matches, want) => {
    expect(marked(snippet, matches)).toBe(want);
  });

  it('leaves out what lies outside, or in what is marked already', () => {
    const odd = [
      [0, 3],
      [1, 2],
      [5, 4],
      [8, 99],
    ];
    expect(marked('tap drips', odd)).toBe('<tap> drips');
  });
});

describe('plain', () => {
  it.each([
    ['That is **Dripping tap**', 'That is Dripping tap'],
    ['[Open the guide](/quickfix/tap) · next', 'Open the guide · next'],
    ['_I go by your words_', 'I go by your words'],
    ['a_b and 2 * 3', 'a_b and 2 * 3'],
    ['one\n\n- two', 'one - two'],
    ['`code` __strong__', 'code strong'],
  ])('%s', (text, want) => {
    expect(plain(text)).toBe(want);
  });
});

describe('the list', () => {
  const aSession = (id: string, said: boolean): Session => ({
    id,
    title: '',
    createdAt: '',
    lastActiveAt: '',
    lastMessage: said ? aMessage() : null,
  });

  it('has something to choose between when something was said in two', () => {
    expect(several([aSession('a', true), aSession('b', false)])).toBe(false);
    expect(several([aSession('a', true), aSession('b', true)])).toBe(true);
  });

  it.each(['queued', 'sending', 'failed'] as const)(
    'takes none whose first message is %s for empty',
    (state) => {
      expect(emptyOne([aSession('a', false)], [{ sessionId: 'a', state }])).toBeUndefined();
    },
  );

  it.each(['draft', 'limit'] as const)('takes one with a photo in state %s for empty', (state) => {
    expect(emptyOne([aSession('a', false)], [{ sessionId: 'a', state }])?.id).toBe('a');
  });

  it('knows the one in which nothing was said', () => {
    expect(emptyOne([aSession('a', true), aSession('b', false)], [])?.id).toBe('b');
    expect(emptyOne([aSession('a', true)], [])).toBeUndefined();
  });
});
