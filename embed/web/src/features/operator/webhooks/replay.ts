import type { ReplayAnswer } from '../model';

/**
 * Where a replay stands. Its outcome is the server's word, which comes after it ran; until then it
 * is `queued` (another one runs) or `running`, and never a success.
 */
export type Replay =
  | { state: 'queued' }
  | { state: 'running' }
  | { state: ReplayAnswer['outcome']; why: string; also: number }
  | { state: 'failed'; error: unknown };

interface Options {
  /** Has one event replayed; the answer comes after it ran. */
  run: (webhookId: string) => Promise<ReplayAnswer>;
  /** Called after each run, whatever it came to. */
  onRan: (webhookId: string, answer: ReplayAnswer | null) => void;
}

/** Replays one event after the other: what a later one needs may be what an earlier one books. */
export class ReplayQueue {
  private replays: ReadonlyMap<string, Replay> = new Map();
  private readonly waiting: string[] = [];
  private readonly listeners = new Set<() => void>();
  private running = false;

  constructor(private readonly options: Options) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.replays;

  /** Queues events; one that waits or runs already stays where it is. */
  add(ids: readonly string[]) {
    for (const id of ids) {
      const state = this.replays.get(id)?.state;
      if (state === 'queued' || state === 'running') continue;
      this.waiting.push(id);
      this.set(id, { state: 'queued' });
    }
    void this.drain();
  }

  private async drain() {
    if (this.running) return;
    this.running = true;
    for (let id = this.waiting.shift(); id !== undefined; id = this.waiting.shift()) {
      this.set(id, { state: 'running' });
      let answer: ReplayAnswer | null = null;
      try {
        answer = await this.options.run(id);
        this.set(id, { state: answer.outcome, why: answer.why, also: answer.also });
      } catch (error) {
        this.set(id, { state: 'failed', error });
      }
      this.options.onRan(id, answer);
    }
    this.running = false;
  }

  private set(id: string, replay: Replay) {
    this.replays = new Map(this.replays).set(id, replay);
    for (const listener of this.listeners) listener();
  }
}
