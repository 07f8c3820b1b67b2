import { backoff } from './backoff';
import { StreamParser } from './parser';
import type { StreamEvent } from './parser';

/** `refused`: the server ended the sign-in; nothing is tried again until somebody signs in. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused';

/** Milliseconds without a byte after which a connection is dead: the server beats every 15 s. */
const SILENCE = 35_000;

/** On waking up, a connection that missed one beat is given up at once. */
const SUSPICIOUS = 17_000;

export interface ConnectionOptions {
  url: string;
  /** The id from which to go on; asked before each try. */
  lastEventId: () => string;
  onEvent: (event: StreamEvent) => void;
  onState: (state: ConnectionState) => void;
  /** Called for every piece that arrives, heartbeats included. */
  onAlive?: () => void;
  random?: () => number;
}

/**
 * One Server-Sent Events connection that comes back by itself. It reads with `fetch`, because
 * `EventSource` hides the status (a 401 looks like a lost network) and the heartbeats (a connection
 * that died while the machine slept looks open).
 */
export class Connection {
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private current: AbortController | null = null;
  private lastByte = 0;
  private closed = false;

  constructor(private readonly options: ConnectionOptions) {
    options.onState('connecting');
    void this.run();
  }

  /** Ends the connection for good. */
  close() {
    this.closed = true;
    this.drop();
  }

  /** The network or the page came back: try now, or check that the open connection still lives. */
  wake() {
    if (this.closed) return;
    if (this.current && performance.now() - this.lastByte < SUSPICIOUS) return;
    this.attempt = 0;
    this.restart();
  }

  /** The network went: what was open is not to be trusted, though loopback may still answer. */
  doubt() {
    if (this.closed) return;
    this.restart();
  }

  private restart() {
    this.drop();
    void this.run();
  }

  private drop() {
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    this.current?.abort();
    this.current = null;
  }

  private async run() {
    const controller = new AbortController();
    this.current = controller;
    this.alive(controller);
    let wait: number | undefined;
    try {
      wait = await this.read(controller);
    } catch {
      // A lost network, a cut connection and our own abort all end here; what follows is the same.
    }
    if (controller !== this.current || this.closed) return;
    this.drop();
    if (wait === Infinity) {
      this.options.onState('refused');
      return;
    }
    this.options.onState('lost');
    const delay = wait ?? backoff(this.attempt++, this.options.random ?? Math.random);
    this.timer = setTimeout(() => void this.run(), delay);
  }

  /** Reads until the stream ends. Gives the milliseconds to wait where the server said so. */
  private async read(controller: AbortController): Promise<number | undefined> {
    const id = this.options.lastEventId();
    const response = await fetch(this.options.url, {
      signal: controller.signal,
      cache: 'no-store',
      headers: { Accept: 'text/event-stream', ...(id ? { 'Last-Event-ID': id } : {}) },
    });
    if (response.status === 401) return Infinity;
    if (!response.ok || !response.body) {
      void response.body?.cancel();
      const seconds = Number(response.headers.get('Retry-After'));
      return seconds > 0 ? seconds * 1000 : undefined;
    }
    const parser = new StreamParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let open = false; ;) {
      const { done, value } = await reader.read();
      if (done || controller !== this.current) return undefined;
      this.alive(controller);
      if (!open) {
        open = true;
        this.attempt = 0;
        this.options.onState('open');
      }
      for (const event of parser.feed(value)) this.options.onEvent(event);
    }
  }

  private alive(controller: AbortController) {
    this.lastByte = performance.now();
    this.options.onAlive?.();
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      if (controller === this.current) controller.abort();
    }, SILENCE);
  }
}
