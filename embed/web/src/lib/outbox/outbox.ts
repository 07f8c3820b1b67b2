import type { Message } from '@/api';
import { exclusively } from '@/lib/locks';
import { nextToSend, settle } from './model';
import type { Picture, Row, Send, Sent } from './model';
import type { RowStore } from './store';
import { View } from './view';

/** What other tabs must learn at once. */
type Note =
  | { type: 'changed' }
  | { type: 'stored'; message: Message }
  | { type: 'progress'; id: string; fraction: number }
  | { type: 'cancel'; id: string };

interface Options {
  userId: string;
  store: RowStore;
  send: Send;
  /** The conversation for rows that have none yet; begins one where none exists. */
  ensureSession: () => Promise<string>;
  /** The server stored a message (here or in another tab). */
  onStored: (message: Message) => void;
  /** The server refused a photo because today's allowance is used up. */
  onLimit: (row: Row) => void;
  /** When the allowance in force ends (RFC 3339), for photos that it refuses. */
  allowanceEnd: () => string | null;
  newId: () => string;
  now: () => number;
  random: () => number;
}

/**
 * Messages on their way. A row is written to disk before the first try to send it and stays there
 * until the server's message with its id is seen, so that neither a reload nor a lost network nor
 * a closed lid loses anything. One tab sends at a time (Web Lock), each conversation in order.
 */
export class Outbox {
  private readonly view = new View();
  private readonly channel: BroadcastChannel;
  private readonly underWay = new Map<string, AbortController>();
  /** Rows that are shown already and not on disk yet, so that a re-read does not hide them. */
  private readonly unwritten = new Map<string, Row>();
  /** Done when the rows on disk have been read. */
  private readonly ready: Promise<void>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private draining = false;
  private again = false;
  private active = false;
  private closed = false;
  private lastTime = 0;
  /** When the next row may be tried that may not be tried now. */
  private wakeAt: number | null = null;

  constructor(private readonly options: Options) {
    this.channel = new BroadcastChannel(`liveassist-outbox-${options.userId}`);
    this.channel.onmessage = (event: MessageEvent<Note>) => this.hear(event.data);
    this.ready = this.reload();
  }

  readonly subscribe = this.view.subscribe;
  readonly snapshot = this.view.snapshot;

  /** Whether rows may be sent now; false while the sign-in has ended. */
  setActive(active: boolean) {
    this.active = active;
    if (active) this.wake();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    for (const controller of this.underWay.values()) controller.abort();
    this.channel.close();
  }

  /** Writes a message and sends it. */
  addText(sessionId: string | null, text: string): Promise<void> {
    return this.add({ sessionId, text, file: null, state: 'queued', limitedUntil: null });
  }

  /** Keeps a picked photo: in the tray to be sent, or (`limitedUntil`) for when it may be. */
  addPhoto(sessionId: string | null, file: Picture, limitedUntil: string | null): Promise<void> {
    const state = limitedUntil ? 'limit' : 'draft';
    return this.add({ sessionId, text: '', file, state, limitedUntil });
  }

  /** Sends the photos in the tray that may go, in order; `text` goes with the first. */
  async sendDrafts(drafts: readonly Row[], sessionId: string | null, text: string): Promise<void> {
    for (const [index, { id }] of drafts.entries()) {
      await this.change(id, (row) =>
        row.state === 'draft'
          ? {
              ...row,
              state: 'queued',
              text: index === 0 ? text : row.text,
              sessionId,
              createdAt: this.tick(),
            }
          : row,
      );
    }
    this.wake();
  }

  /** Tries a failed row again, in `sessionId`: its own conversation may be gone. */
  async retry(id: string, sessionId: string | null): Promise<void> {
    await this.change(id, (row) => ({
      ...row,
      state: 'queued',
      sessionId,
      attempts: 0,
      error: null,
      notBefore: 0,
    }));
    this.wake();
  }

  async setText(id: string, text: string): Promise<void> {
    await this.change(id, (row) => ({ ...row, text }));
  }

  /** Brings a photo back into the tray; its words go back to whoever edits them. */
  async toDraft(id: string): Promise<void> {
    await this.change(id, (row) => ({ ...row, state: 'draft', text: '', error: null }));
  }

  async remove(id: string): Promise<void> {
    this.view.show(this.view.rows.filter((row) => row.id !== id));
    this.unwritten.delete(id);
    await this.options.store.remove(id);
    this.tell({ type: 'changed' });
  }

  /** Stops a row on its way, in whichever tab sends it. */
  cancel(id: string) {
    this.underWay.get(id)?.abort();
    this.tell({ type: 'cancel', id });
  }

  /** The server's message with this id was seen: nothing is left to send. */
  confirm(id: string) {
    if (this.view.rows.some((row) => row.id === id)) void this.remove(id);
  }

  /** Moves waiting photos from some states to another. Gives how many moved. */
  async move(
    from: readonly Row['state'][],
    to: Row['state'],
    which: (row: Row) => boolean = () => true,
  ): Promise<number> {
    await this.ready;
    let moved = 0;
    for (const { id, state } of this.view.rows) {
      if (!from.includes(state)) continue;
      await this.change(id, (row) => {
        // Looked at again in the transaction: another tab may have been faster.
        if (!from.includes(row.state) || !which(row)) return row;
        moved++;
        return { ...row, state: to, attempts: 0, error: null, notBefore: 0 };
      });
    }
    if (moved > 0) this.wake();
    return moved;
  }

  /** Premium is active: what waited for it is sent. Gives how many photos that were. */
  release(): Promise<number> {
    return this.move(['limit', 'paying'], 'queued');
  }

  /** The allowance that ends at `resetAt` is in force: photos refused under an older one may go. */
  newDay(resetAt: string): Promise<number> {
    const older = ({ limitedUntil }: Row) => limitedUntil !== null && limitedUntil < resetAt;
    return this.move(['limit'], 'draft', older);
  }

  /** Something changed for the better (network, sign-in, payment): send what waits. */
  wake() {
    if (this.draining) this.again = true;
    else void this.drain();
  }

  /** The network is back: waiting for the end of a pause would be waiting for nothing. */
  async retryNow(): Promise<void> {
    for (const row of this.view.rows) {
      if (row.state === 'queued' && row.error?.kind === 'network') {
        await this.change(row.id, (r) => ({ ...r, notBefore: 0 }));
      }
    }
    this.wake();
  }

  private async add(part: Pick<Row, 'sessionId' | 'text' | 'file' | 'state' | 'limitedUntil'>) {
    const row: Row = {
      ...part,
      id: this.options.newId(),
      userId: this.options.userId,
      attempts: 0,
      error: null,
      createdAt: this.tick(),
      notBefore: 0,
    };
    this.unwritten.set(row.id, row);
    this.view.show([...this.view.rows, row]);
    await this.options.store.put(row);
    this.unwritten.delete(row.id);
    this.tell({ type: 'changed' });
    this.wake();
  }

  private async change(id: string, by: (row: Row) => Row): Promise<Row | undefined> {
    const row = await this.options.store.change(id, by);
    if (!row) return undefined;
    this.view.show(this.view.rows.map((r) => (r.id === id ? row : r)));
    this.tell({ type: 'changed' });
    return row;
  }

  /** Never the same time twice, so that two rows made at once keep their order. */
  private tick(): number {
    return (this.lastTime = Math.max(this.options.now(), this.lastTime + 1));
  }

  private async reload() {
    const rows = await this.own();
    const known = new Set(rows.map((row) => row.id));
    const extra = [...this.unwritten.values()].filter((row) => !known.has(row.id));
    this.view.show([...rows, ...extra]);
    if (rows.some((row) => row.state === 'queued')) this.wake();
  }

  private async own(): Promise<Row[]> {
    const rows = await this.options.store.all();
    return rows.filter((row) => row.userId === this.options.userId);
  }

  private async drain() {
    if (!this.active || this.closed) return;
    this.draining = true;
    this.takeAgain();
    clearTimeout(this.timer);
    try {
      await exclusively(`liveassist-outbox-${this.options.userId}`, this.channel, () =>
        this.sendAll(),
      );
    } finally {
      this.draining = false;
    }
    if (this.stopped()) return;
    if (this.takeAgain()) this.wake();
    else if (this.wakeAt !== null) {
      this.timer = setTimeout(() => this.wake(), Math.max(0, this.wakeAt - this.options.now()));
    }
  }

  private takeAgain(): boolean {
    const again = this.again;
    this.again = false;
    return again;
  }

  /** Sends until nothing is left that may be sent now. */
  private async sendAll() {
    for (;;) {
      const { ready, wakeAt } = nextToSend(await this.own(), this.options.now());
      this.wakeAt = wakeAt;
      if (ready.length === 0 || this.stopped()) return;
      await Promise.all(ready.map((row) => this.deliver(row)));
    }
  }

  private stopped(): boolean {
    return this.closed || !this.active;
  }

  private async deliver(row: Row) {
    const sending = await this.change(row.id, (r) => ({ ...r, state: 'sending' }));
    if (!sending) return;
    const controller = new AbortController();
    this.underWay.set(row.id, controller);
    const sent = await this.attempt(sending, controller.signal);
    this.underWay.delete(row.id);
    this.view.setProgress(row.id, null);
    await this.conclude(sending, sent);
  }

  private async attempt(row: Row, signal: AbortSignal): Promise<Sent> {
    let sessionId = row.sessionId;
    if (!sessionId) {
      try {
        sessionId = await this.options.ensureSession();
      } catch {
        return { type: 'transient', kind: 'network', message: '' };
      }
      await this.change(row.id, (r) => ({ ...r, sessionId }));
    }
    return this.options.send(row, sessionId, {
      signal,
      onProgress: (fraction) => {
        this.view.setProgress(row.id, fraction);
        this.tell({ type: 'progress', id: row.id, fraction });
      },
    });
  }

  private async conclude(row: Row, sent: Sent) {
    if (sent.type === 'stored') {
      this.options.onStored(sent.message);
      this.tell({ type: 'stored', message: sent.message });
      await this.remove(row.id);
      return;
    }
    // A closed outbox leaves the row as it is: `sending` is taken up again by the next one.
    if (this.closed) return;
    if (sent.type === 'unauthenticated') this.active = false;
    const { now, random } = this.options;
    const limitedUntil = sent.type === 'limit' ? this.options.allowanceEnd() : row.limitedUntil;
    const settled = await this.change(
      row.id,
      (r) => settle({ ...r, limitedUntil }, sent, now(), random) ?? r,
    );
    if (sent.type === 'limit' && settled) this.options.onLimit(settled);
  }

  private hear(note: Note) {
    switch (note.type) {
      case 'changed':
        void this.reload();
        break;
      case 'stored':
        this.options.onStored(note.message);
        break;
      case 'progress':
        this.view.setProgress(note.id, note.fraction);
        break;
      case 'cancel':
        this.underWay.get(note.id)?.abort();
    }
  }

  private tell(note: Note) {
    if (!this.closed) this.channel.postMessage(note);
  }
}
