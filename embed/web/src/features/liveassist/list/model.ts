import type { Session } from '@/api';

/** One in which nothing was said yet: asked for a new one, the person gets this one. */
export function emptyOne(sessions: readonly Session[]): Session | undefined {
  return sessions.find((s) => s.lastMessage === null);
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
