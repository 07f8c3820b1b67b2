import { describe, expect, it } from 'vitest';
import { StreamParser } from './parser';

const parse = (...pieces: string[]) => {
  const parser = new StreamParser();
  return pieces.flatMap((piece) => parser.feed(piece));
};

describe('StreamParser', () => {
  it('reads id, event and data, and ignores heartbeats', () => {
    const text = ': beat\n\nid: 7\nevent: message.created\ndata: {"a":1}\n\n';
    expect(parse(text)).toEqual([{ id: '7', event: 'message.created', data: '{"a":1}' }]);
  });

  it('joins lines of data, and removes one space only', () => {
    expect(parse('data:  two\ndata:three\n\n')[0]?.data).toBe(' two\nthree');
  });

  it('keeps the last id for events that have none', () => {
    expect(parse('id: 3\ndata: a\n\ndata: b\n\n').map((e) => e.id)).toEqual(['3', '3']);
  });

  it('takes the id of an event without data', () => {
    expect(parse('id: 9\n\ndata: x\n\n')).toEqual([{ id: '9', event: 'message', data: 'x' }]);
  });

  it('ignores an id with NUL, unknown fields and a byte order mark', () => {
    expect(parse('\uFEFFid: 1\nid: 2\0\nretry: 2000\nfoo: bar\ndata: x\n\n')).toEqual([
      { id: '1', event: 'message', data: 'x' },
    ]);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('understands %s, cut anywhere', (_, end) => {
    const text =
      ['id: 1', 'event: a', 'data: eins', '', 'id: 2', 'data: zwei', '', ': .'].join(end) + end;
    const want = [
      { id: '1', event: 'a', data: 'eins' },
      { id: '2', event: 'message', data: 'zwei' },
    ];
    for (let cut = 0; cut <= text.length; cut++) {
      expect(parse(text.slice(0, cut), text.slice(cut))).toEqual(want);
    }
    expect(parse(...text.split(''))).toEqual(want);
  });

  it('gives nothing before an event is complete', () => {
    expect(parse('data: x\n')).toEqual([]);
  });
});
