import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api';
import { claims, inTray, nextToSend, settle } from './model';
import type { Row } from './model';
import { outcomeOf } from './send';

const aRow = (part: Partial<Row> = {}): Row => ({
  id: 'a',
  userId: 'u',
  sessionId: 's',
  text: 'hello',
  file: null,
  state: 'sending',
  attempts: 0,
  error: null,
  createdAt: 1_000,
  notBefore: 0,
  limitedUntil: null,
  ...part,
});
const photo = { blob: new Blob(['x']), name: 'x.jpg', width: 1, height: 1 };
const half = () => 0.5;

describe('settle', () => {
  it('lets a stored row go', () => {
    expect(settle(aRow(), { type: 'stored' }, 0, half)).toBeNull();
  });

  it('waits 1, 2, 4 ... 30 s after errors that may pass', () => {
    const waits = [0, 1, 2, 3, 4, 5, 9].map(
      (attempts) =>
        settle(aRow({ attempts }), { type: 'transient', kind: 'network', message: '' }, 5_000, half)
          ?.notBefore,
    );
    expect(waits).toEqual([6_000, 7_000, 9_000, 13_000, 21_000, 35_000, 35_000]);
  });

  it('never tries before the server allows it', () => {
    const outcome = {
      type: 'transient',
      kind: 'rate_limited',
      message: '',
      retryAfter: 60,
    } as const;
    const row = settle(aRow(), outcome, 0, half);
    expect(row).toMatchObject({ state: 'queued', attempts: 1, notBefore: 60_000 });
  });

  it('stops with the reason when the server refuses', () => {
    const row = settle(aRow(), { type: 'refused', kind: 'too_large', message: 'no' }, 0, half);
    expect(row).toMatchObject({ state: 'failed', error: { kind: 'too_large', message: 'no' } });
  });

  it('keeps a photo for later at the limit, and waits for the sign-in', () => {
    expect(settle(aRow({ file: photo }), { type: 'limit' }, 0, half)?.state).toBe('limit');
    expect(settle(aRow(), { type: 'unauthenticated' }, 0, half)?.state).toBe('queued');
  });

  it('brings a cancelled photo back into the tray', () => {
    const row = settle(aRow({ file: photo }), { type: 'cancelled' }, 0, half);
    expect(row && inTray(row)).toBe(true);
  });
});

describe('outcomeOf', () => {
  const error = (status: number, kind: ApiError['kind'], code?: string) =>
    new ApiError({ status, kind, code, message: 'm', retryAfter: 3 });
  it.each([
    [ApiError.network(), 'transient'],
    [error(500, 'internal_error'), 'transient'],
    [error(503, 'unexpected'), 'transient'],
    [error(429, 'rate_limited'), 'transient'],
    [error(401, 'unauthenticated'), 'unauthenticated'],
    [error(403, 'limit_exceeded', 'IMAGE_DAY_LIMIT'), 'limit'],
    [error(403, 'forbidden'), 'refused'],
    [error(404, 'not_found'), 'refused'],
    [error(413, 'too_large'), 'refused'],
    [error(400, 'invalid_request'), 'refused'],
    [new Error('odd'), 'transient'],
  ])('%s means %s', (cause, want) => {
    expect(outcomeOf(cause).type).toBe(want);
  });
});

describe('nextToSend', () => {
  it('gives the oldest of each conversation', () => {
    const rows = [
      aRow({ id: 'b', state: 'queued', createdAt: 2 }),
      aRow({ id: 'a', state: 'queued', createdAt: 1 }),
      aRow({ id: 'c', state: 'queued', createdAt: 3, sessionId: 'other' }),
    ];
    expect(nextToSend(rows, 0).ready.map((r) => r.id)).toEqual(['a', 'c']);
  });

  it('holds up what was written after a row that must wait', () => {
    const rows = [
      aRow({ id: 'a', state: 'queued', createdAt: 1, notBefore: 500 }),
      aRow({ id: 'b', state: 'queued', createdAt: 2 }),
    ];
    expect(nextToSend(rows, 100)).toEqual({ ready: [], wakeAt: 500 });
    expect(nextToSend(rows, 500).ready.map((r) => r.id)).toEqual(['a']);
  });

  it.each(['failed', 'limit', 'paying', 'draft'] as const)('is not held up by %s', (state) => {
    const rows = [
      aRow({ id: 'a', state, createdAt: 1, file: photo }),
      aRow({ id: 'b', state: 'queued', createdAt: 2 }),
    ];
    expect(nextToSend(rows, 0).ready.map((r) => r.id)).toEqual(['b']);
  });

  it('takes up a row that a closed tab left as being sent', () => {
    expect(nextToSend([aRow({ state: 'sending' })], 0).ready).toHaveLength(1);
  });
});

describe('claims', () => {
  it('counts photos that will be sent, and nothing else', () => {
    const rows = [
      aRow({ state: 'draft', file: photo }),
      aRow({ state: 'sending', file: photo }),
      aRow({ state: 'queued', file: photo }),
      aRow({ state: 'queued' }),
      aRow({ state: 'limit', file: photo }),
      aRow({ state: 'failed', file: photo }),
    ];
    expect(claims(rows)).toBe(3);
  });
});
