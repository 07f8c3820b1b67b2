import type { Message, Session } from '@/api';
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
 * What is on its way in the conversation on the screen: its own rows, those that have none yet, and
 * those of one that is gone (as far as the conversations are known), so that none is lost.
 */
export function own(
  rows: readonly Row[],
  sessionId: string | null,
  sessions: readonly Session[] | undefined,
): Row[] {
  const elsewhere = (id: string) => !sessions || sessions.some((s) => s.id === id);
  return rows.filter(
    (row) => row.sessionId === null || row.sessionId === sessionId || !elsewhere(row.sessionId),
  );
}

/**
 * The conversation as it is shown: messages as the server orders them, then what is on its way, in
 * the order in which it was written. One id is one bubble. An unchanged message or row gives the
 * same object again, so that its bubble is not drawn anew.
 */
export function entriesOf(messages: readonly Message[], rows: readonly Row[]): Entry[] {
  const stored = new Set(messages.map((m) => m.id));
  const pending = rows.filter((row) => !inTray(row) && !stored.has(row.id));
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

/**
 * An entry and its place among its neighbours. What one side says in one go shares one mark and one
 * time; still each entry is drawn by itself, so that one that is added or loaded before it leaves
 * it as it is.
 */
export interface Item {
  entry: Entry;
  /** The first of its day. */
  newDay: boolean;
  /** The first and the last of what its side said in one go. */
  head: boolean;
  tail: boolean;
  /** On the last of a reply: the whole reply, to be copied. */
  copy: string | null;
}

/** Milliseconds after which the same side begins anew. */
const PAUSE = 5 * 60_000;

export function itemsOf(entries: readonly Entry[]): Item[] {
  const items: Item[] = [];
  let said: string[] = [];
  entries.forEach((entry, index) => {
    const before = entries[index - 1];
    const after = entries[index + 1];
    const newDay = !before || dayOf(before.at) !== dayOf(entry.at);
    const head = !before || !together(before, entry);
    const tail = !after || !together(entry, after);
    said = head ? [entry.text] : [...said, entry.text];
    const copy = tail && entry.role !== 'user' ? said.join('\n\n') : null;
    items.push({ entry, newDay, head, tail, copy });
  });
  return items;
}

function together(a: Entry, b: Entry): boolean {
  return a.role === b.role && b.at - a.at < PAUSE && dayOf(a.at) === dayOf(b.at);
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
