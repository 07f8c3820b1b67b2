import type { ErrorKind, Message } from '@/api';

/**
 * Where a message stands on its way to the server.
 *
 *   draft    a photo that was picked; it waits in the tray for the person to press Send
 *   queued   waits its turn, or for the network
 *   sending  on its way in some tab
 *   failed   refused, or given up by the person; waits for Try again, Edit or Delete
 *   limit    a photo beyond today's allowance; it waits in the tray for Premium or a new day
 *   paying   the same, while the person is away at the payment page
 */
export type RowState = 'draft' | 'queued' | 'sending' | 'failed' | 'limit' | 'paying';

export interface Picture {
  blob: Blob;
  name: string;
  width: number;
  height: number;
}

/** One message that the server has not confirmed. It is on disk before anything is sent. */
export interface Row {
  /** Made here; the server stores each id once, so sending again never doubles. */
  id: string;
  userId: string;
  /** Null while no conversation exists yet: the sender then begins one. */
  sessionId: string | null;
  text: string;
  file: Picture | null;
  state: RowState;
  attempts: number;
  /** Why the last try failed. */
  error: { kind: ErrorKind; message: string } | null;
  /** Milliseconds since 1970, by this device's clock; rows are sent in this order. */
  createdAt: number;
  /** Before this time (same clock) no further try is made. */
  notBefore: number;
  /** In state `limit`: when the allowance that was used up ends (RFC 3339). */
  limitedUntil: string | null;
}

/** What a try to send came to. */
export type Outcome =
  | { type: 'stored' }
  | { type: 'cancelled' }
  /** The sign-in has ended: keep the row as it is and wait. */
  | { type: 'unauthenticated' }
  /** The server's own count says that today's photos are used up. */
  | { type: 'limit' }
  | { type: 'refused'; kind: ErrorKind; message: string }
  | { type: 'transient'; kind: ErrorKind; message: string; retryAfter?: number | undefined };

export interface SendOptions {
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}

/** Brings one row to the server. It never throws; what happened is in the outcome. */
export type Send = (row: Row, sessionId: string, options: SendOptions) => Promise<Sent>;
export type Sent = Exclude<Outcome, { type: 'stored' }> | { type: 'stored'; message: Message };

/** What becomes of a row after a try; null: it is done and leaves the outbox. */
export function settle(row: Row, outcome: Outcome, now: number, random: () => number): Row | null {
  switch (outcome.type) {
    case 'stored':
      return null;
    case 'cancelled':
      return { ...row, state: row.file ? 'draft' : 'failed', error: null };
    case 'unauthenticated':
      return { ...row, state: 'queued' };
    case 'limit':
      return { ...row, state: 'limit', error: null };
    case 'refused':
      return { ...row, state: 'failed', error: { kind: outcome.kind, message: outcome.message } };
    case 'transient':
      return {
        ...row,
        state: 'queued',
        attempts: row.attempts + 1,
        error: { kind: outcome.kind, message: outcome.message },
        notBefore: now + pause(row.attempts, outcome.retryAfter, random),
      };
  }
}

/** Milliseconds until the next try: what the server asked for, else 1, 2, 4 ... 30 s with jitter. */
function pause(attempts: number, retryAfter: number | undefined, random: () => number): number {
  const own = Math.min(30_000, 1_000 * 2 ** attempts) * (0.75 + random() / 2);
  return Math.max(own, (retryAfter ?? 0) * 1_000);
}

/** Rows in the tray beside the composer; the others stand in the conversation. */
export function inTray(row: Pick<Row, 'state'>): boolean {
  return row.state === 'draft' || row.state === 'limit' || row.state === 'paying';
}

/** Rows that will leave by themselves as soon as they can. */
export function underWay(row: Row): boolean {
  return row.state === 'queued' || row.state === 'sending';
}

/** Photos that will count against today's allowance once they are sent. */
export function claims(rows: readonly Row[]): number {
  return rows.filter((r) => r.file && (r.state === 'draft' || underWay(r))).length;
}

/** Rows as they stand in a conversation: in the order in which the person made them. */
export function inOrder(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

/**
 * The next row to send in each conversation. One that may not be tried yet holds up those behind
 * it, so that messages keep their order; failed ones and photos in the tray hold up nothing.
 */
export function nextToSend(
  rows: readonly Row[],
  now: number,
): { ready: Row[]; wakeAt: number | null } {
  const heads = new Map<string | null, Row>();
  for (const row of inOrder(rows.filter(underWay))) {
    if (!heads.has(row.sessionId)) heads.set(row.sessionId, row);
  }
  const all = [...heads.values()];
  const later = all.filter((r) => r.notBefore > now).map((r) => r.notBefore);
  return {
    ready: all.filter((r) => r.notBefore <= now),
    wakeAt: later.length > 0 ? Math.min(...later) : null,
  };
}
