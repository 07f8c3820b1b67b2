/** Ids of replies that nobody has seen yet, by conversation. */
export type Unread = Readonly<Record<string, readonly string[]>>;

/** More than this many are not told apart. */
const MOST = 99;

/** Notes a reply; a known one changes nothing, since every tab notes what the stream brings. */
export function noted(unread: Unread, sessionId: string, id: string): Unread {
  const ids = unread[sessionId] ?? [];
  if (ids.includes(id) || ids.length >= MOST) return unread;
  return { ...unread, [sessionId]: [...ids, id] };
}

/** All replies of a conversation have been seen. */
export function seen(unread: Unread, sessionId: string): Unread {
  if (!unread[sessionId]) return unread;
  return Object.fromEntries(Object.entries(unread).filter(([id]) => id !== sessionId));
}

export function countOf(unread: Unread): number {
  return Object.values(unread).reduce((sum, ids) => sum + ids.length, 0);
}

/** Reads what another tab, or an older version, has stored. */
export function parseUnread(stored: string | null): Unread {
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const lists = Object.entries(value).filter(
      (entry): entry is [string, string[]] =>
        Array.isArray(entry[1]) && entry[1].every((id) => typeof id === 'string'),
    );
    return Object.fromEntries(lists);
  } catch {
    return {};
  }
}
