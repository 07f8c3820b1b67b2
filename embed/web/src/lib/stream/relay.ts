import { Connection } from './connection';
import type { ConnectionState } from './connection';
import type { StreamEvent } from './parser';

/** Milliseconds without a sign of the leading tab after which a visible tab takes its place. */
const LEADER_SILENCE = 40_000;

/** Milliseconds that a leading tab may take to answer a tab that just came to the front. */
const LEADER_ANSWER = 3_000;

type Note =
  | { kind: 'event'; event: StreamEvent }
  | { kind: 'state'; state: ConnectionState }
  | { kind: 'alive' }
  | { kind: 'hello' };

export interface RelayOptions {
  /** Tabs with the same name share one connection. */
  name: string;
  url: string;
  lastEventId: () => string;
  onEvent: (event: StreamEvent) => void;
  onState: (state: ConnectionState) => void;
}

/**
 * One connection for all tabs of a browser. Over HTTP/1.1 a browser opens six connections to a
 * host, so a stream in each of seven tabs would leave none for anything else. The tab that holds a
 * Web Lock connects and passes every event on; when it closes, the lock falls to the next tab,
 * which goes on from the last event that it was passed.
 *
 * A tab in the background may be frozen while it holds the lock. A visible tab that hears nothing
 * from it steals the lock; the frozen one learns of that when it wakes and queues up again.
 */
export class Relay {
  private readonly channel: BroadcastChannel;
  private readonly withdrawn = new AbortController();
  private connection: Connection | null = null;
  private resign: (() => void) | null = null;
  private state: ConnectionState = 'connecting';
  private silence: ReturnType<typeof setTimeout> | undefined;
  private lastAlive = 0;

  constructor(private readonly options: RelayOptions) {
    this.channel = new BroadcastChannel(options.name);
    this.channel.onmessage = (message: MessageEvent<Note>) => this.hear(message.data);
    options.onState('connecting');
    void this.candidate(false);
    this.ask();
  }

  close() {
    this.withdrawn.abort();
    clearTimeout(this.silence);
    this.step(false);
    this.channel.close();
  }

  wake() {
    if (this.connection) this.connection.wake();
    else this.ask();
  }

  doubt() {
    this.connection?.doubt();
  }

  /** Waits for the lock, or takes it by force, and leads for as long as it is held. */
  private async candidate(steal: boolean) {
    try {
      await navigator.locks.request(
        this.options.name,
        steal ? { steal } : { signal: this.withdrawn.signal },
        () => this.lead(),
      );
    } catch {
      // Withdrawn by close(), or the lock was stolen while this tab slept.
      this.step(false);
      if (!this.withdrawn.signal.aborted && !steal) void this.candidate(false);
    }
  }

  private lead(): Promise<void> | undefined {
    if (this.withdrawn.signal.aborted) return undefined;
    clearTimeout(this.silence);
    this.step(true);
    return new Promise((resolve) => (this.resign = resolve));
  }

  private step(leading: boolean) {
    this.connection?.close();
    this.connection = null;
    this.resign?.();
    this.resign = null;
    if (!leading) return;
    this.connection = new Connection({
      url: this.options.url,
      lastEventId: this.options.lastEventId,
      onEvent: (event) => {
        this.options.onEvent(event);
        this.channel.postMessage({ kind: 'event', event } satisfies Note);
      },
      onState: (state) => {
        this.setState(state);
        this.channel.postMessage({ kind: 'state', state } satisfies Note);
      },
      onAlive: () => this.tellAlive(),
    });
  }

  private hear(note: Note) {
    if (this.connection) {
      if (note.kind === 'hello') {
        this.channel.postMessage({ kind: 'state', state: this.state } satisfies Note);
      }
      return;
    }
    if (note.kind === 'hello') return;
    if (note.kind === 'event') this.options.onEvent(note.event);
    if (note.kind === 'state') this.setState(note.state);
    this.expect(LEADER_SILENCE);
  }

  /** Asks whether anybody leads; with no answer, this tab does. */
  private ask() {
    this.channel.postMessage({ kind: 'hello' } satisfies Note);
    this.expect(LEADER_ANSWER);
  }

  private expect(within: number) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if (this.connection || document.visibilityState === 'hidden') return;
      void this.candidate(true);
    }, within);
  }

  /** At most once in five seconds: the tabs need to know that the leader lives, not every byte. */
  private tellAlive() {
    const now = performance.now();
    if (now - this.lastAlive < 5_000) return;
    this.lastAlive = now;
    this.channel.postMessage({ kind: 'alive' } satisfies Note);
  }

  private setState(state: ConnectionState) {
    this.state = state;
    this.options.onState(state);
  }
}
