import type { Message } from '@/api';

/** What is known of a conversation: an unbroken run of messages that ends with the newest. */
export interface Known {
  messages: readonly Message[];
  /** Whether messages before the first known one may exist. */
  hasOlder: boolean;
}

/** The newest page that the server gives when it is asked for no other. */
export const PAGE = 500;

/** How many older messages are asked for at once on scrolling up. */
export const OLDER_PAGE = 100;

/** Adds one message where the server's order puts it; a known id changes nothing. */
export function add(messages: readonly Message[], message: Message): readonly Message[] {
  if (messages.some((m) => m.id === message.id)) return messages;
  let at = messages.length;
  // Times are RFC 3339 in UTC with fixed width, so they compare as strings. Equal times keep the
  // order of arrival.
  while (at > 0 && (messages[at - 1]?.createdAt ?? '') > message.createdAt) at--;
  return [...messages.slice(0, at), message, ...messages.slice(at)];
}

/**
 * Takes a newly fetched newest page into what is known. The page decides the order; older messages
 * stay when the page reaches back to them, else there may be a gap and they are let go. Messages
 * that came by the stream while the page was on its way stay too.
 */
export function mergeNewest(
  known: Known | undefined,
  page: readonly Message[],
  limit = PAGE,
): Known {
  const hasOlder = page.length >= limit;
  if (!known) return { messages: page, hasOlder };
  const ids = new Set(page.map((m) => m.id));
  const first = page[0];
  const touches = !hasOlder || known.messages.some((m) => ids.has(m.id));
  const before: Message[] = [];
  let after: readonly Message[] = page;
  for (const message of known.messages) {
    if (ids.has(message.id)) continue;
    if (first && message.createdAt < first.createdAt) before.push(message);
    else after = add(after, message);
  }
  if (!touches) return { messages: after, hasOlder: true };
  return {
    messages: before.length > 0 ? [...before, ...after] : after,
    hasOlder: hasOlder ? (before.length > 0 ? known.hasOlder : true) : false,
  };
}

/** Puts an older page before what is known. */
export function prepend(known: Known, page: readonly Message[], limit = OLDER_PAGE): Known {
  const ids = new Set(known.messages.map((m) => m.id));
  return {
    messages: [...page.filter((m) => !ids.has(m.id)), ...known.messages],
    hasOlder: page.length >= limit,
  };
}
