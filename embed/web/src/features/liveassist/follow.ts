import type { Entry } from './entries';

/** The reader counts as at the end within this many pixels of it. */
export const NEAR = 64;

export interface Follow {
  /** Whether the view goes along with what is added. */
  atEnd: boolean;
  /** Replies that came while the reader was elsewhere. */
  unseen: number;
}

/** What the view does after a change of the entries. */
export type Move = 'end' | 'stay';

export function scrolled(follow: Follow, distanceToEnd: number): Follow {
  const atEnd = distanceToEnd <= NEAR;
  if (atEnd === follow.atEnd && (!atEnd || follow.unseen === 0)) return follow;
  return { atEnd, unseen: atEnd ? 0 : follow.unseen };
}

/**
 * Decides what happens when the entries change. One's own new message always brings the view to the
 * end; a reply only moves a reader who is there, and is counted for anybody else.
 */
export function changed(
  follow: Follow,
  before: readonly Entry[],
  now: readonly Entry[],
): { follow: Follow; move: Move } {
  const known = new Set(before.map((e) => e.id));
  const firstKnown = now.findIndex((e) => known.has(e.id));
  // What stands before the first known entry is older: it was loaded, not added.
  const added = now.filter((e, i) => i > firstKnown && !known.has(e.id));
  if (firstKnown < 0 || follow.atEnd || added.some(isOwnNew)) {
    return { follow: { atEnd: true, unseen: 0 }, move: 'end' };
  }
  const replies = added.filter((e) => e.role !== 'user').length;
  return {
    follow: replies > 0 ? { ...follow, unseen: follow.unseen + replies } : follow,
    move: 'stay',
  };
}

/** Written here just now. One's own message from another device is news, not a reason to jump. */
function isOwnNew(entry: Entry): boolean {
  return entry.row !== null;
}
