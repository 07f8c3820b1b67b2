import type { Message } from '@/api';
import { inTray } from '@/lib/outbox';
import type { Row } from '@/lib/outbox';

/** One bubble: a message that the server has, or one on its way there. */
export interface Entry {
  id: string;
  role: Message['role'];
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  image: Message['image'];
  /** Null once the server has it. */
  row: Row | null;
}

const fromMessage = new WeakMap<Message, Entry>();
const fromRow = new WeakMap<Row, Entry>();

/**
 * The conversation as it is shown: messages as the server orders them, then what is on its way, in
 * the order in which it was written. One id is one bubble. An unchanged message or row gives the
 * same object again, so that its bubble is not drawn anew.
 */
export function entriesOf(
  messages: readonly Message[],
  rows: readonly Row[],
  sessionId: string | null,
): Entry[] {
  const stored = new Set(messages.map((m) => m.id));
  const pending = rows.filter(
    (row) =>
      !inTray(row) &&
      !stored.has(row.id) &&
      (row.sessionId === null || row.sessionId === sessionId),
  );
  return [...messages.map(messageEntry), ...pending.map(rowEntry)];
}

function messageEntry(message: Message): Entry {
  const known = fromMessage.get(message);
  if (known) return known;
  const { id, role, text, image, createdAt } = message;
  const entry: Entry = { id, role, text, image, at: Date.parse(createdAt), row: null };
  fromMessage.set(message, entry);
  return entry;
}

function rowEntry(row: Row): Entry {
  const known = fromRow.get(row);
  if (known) return known;
  const { id, text, createdAt } = row;
  const entry: Entry = { id, role: 'user', text, image: null, at: createdAt, row };
  fromRow.set(row, entry);
  return entry;
}

/** Entries of one side, close together in time: they share one mark and one time. */
export interface Group {
  /** The first entry's id. */
  key: string;
  role: Entry['role'];
  entries: Entry[];
  /** Set on the first group of a day. */
  newDay: boolean;
}

/** Milliseconds after which the same side begins a new group. */
const PAUSE = 5 * 60_000;

export function groupsOf(entries: readonly Entry[]): Group[] {
  const groups: Group[] = [];
  let last: Entry | undefined;
  for (const entry of entries) {
    const newDay = !last || dayOf(last.at) !== dayOf(entry.at);
    const current = groups.at(-1);
    const joins =
      current && last && !newDay && current.role === entry.role && entry.at - last.at < PAUSE;
    if (joins) current.entries.push(entry);
    else groups.push({ key: entry.id, role: entry.role, entries: [entry], newDay });
    last = entry;
  }
  return groups;
}

/** The day in the reader's own time zone, as a number to compare. */
function dayOf(at: number): number {
  const date = new Date(at);
  return date.getFullYear() * 10_000 + date.getMonth() * 100 + date.getDate();
}

/** How a day is called: `today`, `yesterday`, or by its date. */
export function dayName(at: number, now: number): 'today' | 'yesterday' | 'date' {
  if (dayOf(at) === dayOf(now)) return 'today';
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  return dayOf(at) === dayOf(yesterday.getTime()) ? 'yesterday' : 'date';
}
