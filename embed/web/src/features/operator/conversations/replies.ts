import type { ErrorKind } from '@/api';

/** A reply that the server has not confirmed. */
export interface Reply {
  /** Made here; the server stores each id once, so that sending again never doubles. */
  id: string;
  sessionId: string;
  text: string;
  state: 'sending' | 'failed';
  error: { kind: ErrorKind; code?: string | undefined; message: string } | null;
  /** Milliseconds since 1970, by this device's clock. */
  createdAt: number;
}

/** Milliseconds before each further try to reach a server that did not answer, then a person decides. */
const PAUSES = [1_000, 3_000, 8_000];

/** How long to wait before try number `attempt` (from 1); null: no further one by itself. */
export function pauseBefore(attempt: number, retryAfter: number | undefined): number | null {
  const own = PAUSES[attempt - 1];
  return own === undefined ? null : Math.max(own, (retryAfter ?? 0) * 1_000);
}

/**
 * The replies of an earlier page: whether the last try arrived is not known, so none is sent by
 * itself; each can be tried again with its own id.
 */
export function restored(text: string | null): Reply[] {
  if (!text) return [];
  try {
    const rows: unknown = JSON.parse(text);
    if (!Array.isArray(rows)) return [];
    return rows.filter(isReply).map((row) => ({ ...row, state: 'failed' }));
  } catch {
    return [];
  }
}

function isReply(row: unknown): row is Reply {
  if (typeof row !== 'object' || row === null) return false;
  const { id, sessionId, text, createdAt } = row as Record<string, unknown>;
  return [id, sessionId, text].every((v) => typeof v === 'string') && typeof createdAt === 'number';
}

/** What stands after the messages of a conversation: its replies on their way, one bubble each. */
export function pendingIn(
  rows: readonly Reply[],
  sessionId: string,
  stored: ReadonlySet<string>,
): Reply[] {
  return rows.filter((r) => r.sessionId === sessionId && !stored.has(r.id));
}

export function withRow(rows: readonly Reply[], row: Reply): Reply[] {
  return rows.some((r) => r.id === row.id)
    ? rows.map((r) => (r.id === row.id ? row : r))
    : [...rows, row];
}

export function withoutRow(rows: readonly Reply[], id: string): Reply[] {
  return rows.filter((r) => r.id !== id);
}
