import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '@/api';
import { aMessage } from '@/testing/data';
import type { Row, Send, Sent } from './model';
import { Outbox } from './outbox';
import { memoryStore } from './store';
import type { RowStore } from './store';

const photo = { blob: new Blob(['x']), name: 'x.jpg', width: 1, height: 1 };

describe('Outbox', () => {
  let store: RowStore;
  let sent: string[];
  let stored: Message[];
  let answer: (row: Row, signal: AbortSignal) => Sent | Promise<Sent>;
  let opened: Outbox[];
  let limited: Row[];
  let now: number;

  const ok = (row: Row): Sent => ({
    type: 'stored',
    message: aMessage({ id: row.id, text: row.text }),
  });
  const send: Send = async (row, _, { signal }) => {
    sent.push(row.text || (row.file?.name ?? ''));
    return answer(row, signal);
  };
  /** A server that does not answer until the request is given up. */
  const hang = (_: Row, signal: AbortSignal) =>
    new Promise<Sent>((resolve) => {
      signal.addEventListener('abort', () => resolve({ type: 'cancelled' }));
    });

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    store = memoryStore();
    sent = [];
    stored = [];
    limited = [];
    opened = [];
    now = 1_000_000;
    answer = ok;
  });
  afterEach(() => {
    for (const outbox of opened) outbox.close();
    vi.useRealTimers();
  });

  async function open(userId = 'u'): Promise<Outbox> {
    let ids = 0;
    const outbox = new Outbox({
      userId,
      store,
      send,
      ensureSession: () => Promise.resolve('new-session'),
      onStored: (message) => stored.push(message),
      onLimit: (row) => limited.push(row),
      allowanceEnd: () => '2026-12-01T00:00:00.000Z',
      newId: () => `${userId}-${opened.length}-${++ids}`,
      now: () => now + performance.now(),
      random: () => 0.5,
    });
    opened.push(outbox);
    outbox.setActive(true);
    await settled();
    return outbox;
  }
  // Notes between tabs travel as real messages, which fake timers do not move.
  async function settled() {
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(2);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const states = (outbox: Outbox) => outbox.snapshot().rows.map((r) => r.state);

  it('sends in order and lets go of what is stored', async () => {
    const outbox = await open();
    void outbox.addText('s', 'one');
    void outbox.addText('s', 'two');
    await settled();
    expect(sent).toEqual(['one', 'two']);
    expect(stored.map((m) => m.text)).toEqual(['one', 'two']);
    expect(outbox.snapshot().rows).toEqual([]);
    expect(await store.all()).toEqual([]);
  });

  it('shows a row at once, and has it on disk before it is sent', async () => {
    const outbox = await open();
    answer = async (row) => {
      expect((await store.all()).map((r) => r.id)).toContain(row.id);
      return ok(row);
    };
    void outbox.addText('s', 'one');
    expect(outbox.snapshot().rows.map((r) => r.text)).toEqual(['one']);
    await settled();
    expect(stored).toHaveLength(1);
  });

  it('tries again after a lost network, with the same id, in order', async () => {
    const outbox = await open();
    answer = () => ({ type: 'transient', kind: 'network', message: '' });
    void outbox.addText('s', 'one');
    void outbox.addText('s', 'two');
    await settled();
    expect(sent).toEqual(['one']);
    const [id] = outbox.snapshot().rows.map((r) => r.id);
    answer = ok;
    await vi.advanceTimersByTimeAsync(1_100);
    expect(sent).toEqual(['one', 'one', 'two']);
    expect(stored[0]?.id).toBe(id);
  });

  it('sends at once when the network is back', async () => {
    const outbox = await open();
    answer = () => ({ type: 'transient', kind: 'network', message: '' });
    void outbox.addText('s', 'one');
    await settled();
    answer = ok;
    await outbox.retryNow();
    await settled();
    expect(stored).toHaveLength(1);
  });

  it('stops at a refusal, lets the next one pass, and tries again when told', async () => {
    const outbox = await open();
    answer = (row) =>
      row.text === 'bad' ? { type: 'refused', kind: 'not_found', message: 'x' } : ok(row);
    void outbox.addText('gone', 'bad');
    void outbox.addText('gone', 'good');
    await settled();
    expect(states(outbox)).toEqual(['failed']);
    expect(sent).toEqual(['bad', 'good']);
    answer = ok;
    await outbox.retry(outbox.snapshot().rows[0]!.id, 'other');
    await settled();
    expect(states(outbox)).toEqual([]);
  });

  it('waits while the sign-in has ended', async () => {
    const outbox = await open();
    answer = () => ({ type: 'unauthenticated' });
    void outbox.addText('s', 'one');
    void outbox.addText('s', 'two');
    await settled();
    expect(states(outbox)).toEqual(['queued', 'queued']);
    expect(sent).toEqual(['one']);
    answer = ok;
    outbox.setActive(true);
    await settled();
    expect(stored.map((m) => m.text)).toEqual(['one', 'two']);
  });

  it('takes up after a crash what was being sent, in a new page', async () => {
    const outbox = await open();
    answer = hang;
    void outbox.addText('s', 'one');
    await settled();
    expect(states(outbox)).toEqual(['sending']);
    outbox.close();
    answer = ok;
    await open();
    expect(stored.map((m) => m.text)).toEqual(['one']);
  });

  it('shows and sends nothing of another person', async () => {
    const first = await open('first');
    answer = () => ({ type: 'refused', kind: 'invalid_request', message: '' });
    void first.addText('s', 'secret');
    await settled();
    first.close();
    const second = await open('second');
    expect(second.snapshot().rows).toEqual([]);
    expect(await store.all()).toHaveLength(1);
  });

  it('begins a conversation for rows that have none', async () => {
    const outbox = await open();
    const seen: (string | null)[] = [];
    answer = async (row) => {
      seen.push((await store.all()).find((r) => r.id === row.id)?.sessionId ?? null);
      return ok(row);
    };
    void outbox.addText(null, 'one');
    await settled();
    expect(seen).toEqual(['new-session']);
  });

  it('lets a row go when its message is seen, though the answer was lost', async () => {
    const outbox = await open();
    answer = () => ({ type: 'transient', kind: 'network', message: '' });
    void outbox.addText('s', 'one');
    await settled();
    outbox.confirm(outbox.snapshot().rows[0]!.id);
    await settled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual(['one']);
    expect(await store.all()).toEqual([]);
  });

  describe('photos', () => {
    it('waits in the tray, then goes with the words of the composer', async () => {
      const outbox = await open();
      await outbox.addPhoto('s', photo, null);
      await settled();
      expect(states(outbox)).toEqual(['draft']);
      expect(sent).toEqual([]);
      await outbox.sendDrafts(outbox.snapshot().rows, 's', 'look');
      await settled();
      expect(sent).toEqual(['look']);
    });

    it('keeps one that the server refuses at the limit, and sends it when paid', async () => {
      const outbox = await open();
      answer = () => ({ type: 'limit' });
      await outbox.addPhoto('s', photo, null);
      await outbox.sendDrafts(outbox.snapshot().rows, 's', '');
      await settled();
      expect(states(outbox)).toEqual(['limit']);
      expect(limited.map((r) => r.limitedUntil)).toEqual(['2026-12-01T00:00:00.000Z']);
      const { id } = outbox.snapshot().rows[0]!;
      answer = ok;
      expect(await outbox.release()).toBe(1);
      await settled();
      expect(stored.map((m) => m.id)).toEqual([id]);
    });

    it('is released once, though two tabs hear of the payment', async () => {
      const [one, two] = [await open(), await open()];
      await one.addPhoto('s', photo, '2026-12-01T00:00:00.000Z');
      await settled();
      expect(states(two)).toEqual(['limit']);
      const counts = await Promise.all([one.release(), two.release()]);
      await settled();
      expect(counts.sort()).toEqual([0, 1]);
      expect(new Set(stored.map((m) => m.id)).size).toBe(1);
      expect(states(one)).toEqual([]);
    });

    it('becomes a draft on a new day, not before', async () => {
      const outbox = await open();
      await outbox.addPhoto('s', photo, '2026-12-01T00:00:00.000Z');
      expect(await outbox.newDay('2026-12-01T00:00:00.000Z')).toBe(0);
      expect(await outbox.newDay('2026-12-02T00:00:00.000Z')).toBe(1);
      expect(states(outbox)).toEqual(['draft']);
      expect(sent).toEqual([]);
    });

    it('does not hold up texts while it waits for a payment', async () => {
      const outbox = await open();
      await outbox.addPhoto('s', photo, '2026-12-01T00:00:00.000Z');
      await outbox.move(['limit'], 'paying');
      void outbox.addText('s', 'meanwhile');
      await settled();
      expect(sent).toEqual(['meanwhile']);
    });

    it('comes back into the tray when its upload is cancelled in another tab', async () => {
      answer = hang;
      const [one, two] = [await open(), await open()];
      await one.addPhoto('s', photo, null);
      await one.sendDrafts(one.snapshot().rows, 's', '');
      await settled();
      const { id } = one.snapshot().rows[0]!;
      expect(states(two)).toEqual(['sending']);
      two.cancel(id);
      await settled();
      expect(states(one)).toEqual(['draft']);
    });
  });
});
