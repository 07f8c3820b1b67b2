import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeLocks } from '@/testing/locks';
import { Relay } from './relay';

/** One tab: its relay, what it was told, and the requests that were made on its behalf. */
interface Tab {
  relay: Relay;
  data: string[];
  states: string[];
  lastId: string;
}

describe('Relay', () => {
  let tabs: Tab[];
  let streams: { controller: ReadableStreamDefaultController<Uint8Array>; from: string | null }[];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    vi.stubGlobal('navigator', { locks: new FakeLocks() });
    tabs = [];
    streams = [];
    vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
      const from = new Headers(init.headers).get('Last-Event-ID');
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => void streams.push({ controller, from }),
      });
      return Promise.resolve(new Response(body));
    });
  });
  afterEach(() => {
    for (const tab of tabs) tab.relay.close();
    vi.useRealTimers();
  });

  async function open(): Promise<Tab> {
    const tab: Partial<Tab> & Omit<Tab, 'relay'> = { data: [], states: [], lastId: '' };
    tab.relay = new Relay({
      name: 'test-stream',
      url: '/api/events',
      lastEventId: () => tab.lastId,
      onEvent: (event) => {
        tab.lastId = event.id;
        tab.data.push(event.data);
      },
      onState: (state) => tab.states.push(state),
    });
    tabs.push(tab as Tab);
    await settle();
    return tab as Tab;
  }

  // Notes between tabs travel as real messages, which fake timers do not move.
  async function settle() {
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function say(text: string) {
    streams.at(-1)?.controller.enqueue(new TextEncoder().encode(text));
    await settle();
  }

  it('makes one connection for all tabs, and every tab gets every event', async () => {
    const [one, two, three] = [await open(), await open(), await open()];
    await say('id: 1\ndata: a\n\n');
    await say('id: 2\ndata: b\n\n');
    expect(streams).toHaveLength(1);
    for (const tab of [one, two, three]) expect(tab.data).toEqual(['a', 'b']);
    for (const tab of [one, two, three]) expect(tab.states.at(-1)).toBe('open');
  });

  it('tells a tab that comes later how the connection stands', async () => {
    await open();
    await say(': beat\n\n');
    const late = await open();
    expect(late.states.at(-1)).toBe('open');
  });

  it('goes on from the last event when the leading tab closes', async () => {
    const one = await open();
    const two = await open();
    await say('id: 1\ndata: a\n\n');
    one.relay.close();
    await settle();
    expect(streams.map((s) => s.from)).toEqual([null, '1']);
    await say('id: 2\ndata: b\n\n');
    expect(two.data).toEqual(['a', 'b']);
    expect(one.data).toEqual(['a']);
  });

  it('takes the place of a leading tab that was frozen, and hands nothing out twice', async () => {
    const frozen = await open();
    const visible = await open();
    await say('id: 1\ndata: a\n\n');
    // Frozen: it keeps the lock and answers nothing.
    (frozen.relay as unknown as { channel: BroadcastChannel }).channel.onmessage = null;
    visible.relay.wake();
    await vi.advanceTimersByTimeAsync(3_001);
    await settle();
    expect(streams).toHaveLength(2);
    await say('id: 2\ndata: b\n\n');
    expect(visible.data).toEqual(['a', 'b']);
  });
});
