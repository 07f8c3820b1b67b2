import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoff, MAX_DELAY } from './backoff';
import { Connection } from './connection';
import type { ConnectionState } from './connection';

/** A server that answers each request as the test says, and can be heard and cut. */
class FakeServer {
  readonly requests: Request[] = [];
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  answer: () => Response | Promise<Response> = () => this.stream();

  readonly fetch = (url: string, init: RequestInit) => {
    this.requests.push(new Request(new URL(url, 'http://localhost'), init));
    const { signal } = init;
    return new Promise<Response>((resolve, reject) => {
      signal?.addEventListener('abort', () => {
        const error = new DOMException('aborted', 'AbortError');
        reject(error);
        this.fail(error);
      });
      Promise.resolve(this.answer()).then(resolve, reject);
    });
  };

  stream(): Response {
    const body = new ReadableStream<Uint8Array>({ start: (c) => void (this.controller = c) });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  async say(text: string) {
    this.controller?.enqueue(new TextEncoder().encode(text));
    await vi.advanceTimersByTimeAsync(0);
  }

  private fail(error: Error) {
    try {
      this.controller?.error(error);
    } catch {
      // It has ended already.
    }
  }

  async cut() {
    this.fail(new TypeError('network'));
    await vi.advanceTimersByTimeAsync(0);
  }

  async end() {
    this.controller?.close();
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe('Connection', () => {
  let server: FakeServer;
  let states: ConnectionState[];
  let events: string[];
  let lastId: string;
  let connection: Connection;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    vi.stubGlobal('fetch', server.fetch);
    states = [];
    events = [];
    lastId = '';
  });
  afterEach(() => {
    connection.close();
    vi.useRealTimers();
  });

  async function open() {
    connection = new Connection({
      url: '/api/events',
      lastEventId: () => lastId,
      onEvent: (event) => {
        lastId = event.id;
        events.push(event.data);
      },
      onState: (state) => states.push(state),
      random: () => 0,
    });
    await vi.advanceTimersByTimeAsync(0);
  }

  it('is open with the first byte, and gives events', async () => {
    await open();
    expect(states).toEqual(['connecting']);
    await server.say(': hello\n\nid: 4\ndata: a\n\n');
    expect(states).toEqual(['connecting', 'open']);
    expect(events).toEqual(['a']);
  });

  it('goes on from the last event after a cut', async () => {
    await open();
    await server.say('id: 4\ndata: a\n\n');
    await server.cut();
    expect(states.at(-1)).toBe('lost');
    await vi.advanceTimersByTimeAsync(250);
    expect(server.requests).toHaveLength(2);
    expect(server.requests[0]?.headers.get('Last-Event-ID')).toBeNull();
    expect(server.requests[1]?.headers.get('Last-Event-ID')).toBe('4');
    await server.say('id: 5\ndata: b\n\n');
    expect(states.at(-1)).toBe('open');
    expect(events).toEqual(['a', 'b']);
  });

  it('gives up a silent connection after 35 s, and beats keep it alive', async () => {
    await open();
    await server.say(': beat\n\n');
    await vi.advanceTimersByTimeAsync(34_000);
    await server.say(': beat\n\n');
    await vi.advanceTimersByTimeAsync(34_000);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_300);
    expect(states.at(-1)).toBe('lost');
    expect(server.requests).toHaveLength(2);
  });

  it('waits longer each time, and begins anew after a success', async () => {
    await open();
    server.answer = () => Promise.reject(new TypeError('refused'));
    await server.cut();
    await vi.advanceTimersByTimeAsync(250 + 500 + 1_000);
    expect(server.requests).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(server.requests).toHaveLength(4);
    server.answer = () => server.stream();
    await vi.advanceTimersByTimeAsync(1);
    await server.say(': beat\n\n');
    await server.end();
    await vi.advanceTimersByTimeAsync(250);
    expect(server.requests).toHaveLength(6);
  });

  it('stops for good when the sign-in has ended', async () => {
    server.answer = () => new Response('{}', { status: 401 });
    await open();
    expect(states).toEqual(['connecting', 'refused']);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.requests).toHaveLength(1);
  });

  it('waits as long as the server asks for', async () => {
    server.answer = () => new Response('{}', { status: 429, headers: { 'Retry-After': '7' } });
    await open();
    await vi.advanceTimersByTimeAsync(6_999);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.requests).toHaveLength(2);
  });

  it('tries at once when woken, but leaves a live connection alone', async () => {
    await open();
    await server.say(': beat\n\n');
    connection.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20_000);
    connection.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.requests).toHaveLength(2);
  });
});

describe('backoff', () => {
  it('doubles up to the longest wait, half of it at random', () => {
    expect(backoff(0, () => 0)).toBe(250);
    expect(backoff(0, () => 1)).toBe(500);
    expect(backoff(3, () => 0)).toBe(2_000);
    expect(backoff(60, () => 1)).toBe(MAX_DELAY);
  });
});
