import { inOrder } from './model';
import type { Row } from './model';

export interface Snapshot {
  /** This person's rows, oldest first. */
  rows: readonly Row[];
  /** How far an upload is, from 0 to 1, by row id. */
  progress: ReadonlyMap<string, number>;
}

export const NOTHING: Snapshot = { rows: [], progress: new Map() };

/** What the outbox shows: a value that is replaced at each change, and those who look at it. */
export class View {
  private state = NOTHING;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.state;

  get rows(): readonly Row[] {
    return this.state.rows;
  }

  show(rows: readonly Row[]) {
    this.replace({ ...this.state, rows: inOrder(rows) });
  }

  /** null: the upload is over. */
  setProgress(id: string, fraction: number | null) {
    const progress = new Map(this.state.progress);
    if (fraction === null) progress.delete(id);
    else progress.set(id, fraction);
    this.replace({ ...this.state, progress });
  }

  private replace(state: Snapshot) {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
