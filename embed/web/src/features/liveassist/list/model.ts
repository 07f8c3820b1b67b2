import type { Session } from '@/api';
import { inTray } from '@/lib/outbox';
import type { Row } from '@/lib/outbox';

/**
 * One in which nothing was said yet: asked for a new one, the person gets this one. Not one whose
 * first message, in `rows`, is on its way to the server still.
 */
export function emptyOne(
  sessions: readonly Session[],
  rows: readonly Pick<Row, 'sessionId' | 'state'>[],
): Session | undefined {
  const said = new Set(rows.filter((row) => !inTray(row)).map((row) => row.sessionId));
  return sessions.find((s) => s.lastMessage === null && !said.has(s.id));
}

/** Whether there is anything to choose between. */
export function several(sessions: readonly Session[]): boolean {
  return sessions.filter((s) => s.lastMessage !== null).length > 1;
}

/** What the conversation on the screen is called; null where it has no name yet. */
export function nameOf(sessions: readonly Session[], id: string | null): string | null {
  const title = sessions.find((s) => s.id === id)?.title ?? '';
  return title === '' ? null : title;
}
