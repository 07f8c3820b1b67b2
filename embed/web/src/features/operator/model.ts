import type { components, operations } from '@/api/schema';

type Schemas = components['schemas'];

export type Person = Schemas['OperatorUser'];
export type PersonDetail = Schemas['OperatorUserDetail'];
export type Subscription = PersonDetail['subscriptions'][number];
export type InboxItem = Schemas['InboxItem'];
export type Conversation = Schemas['OperatorConversation'];
export type Desk = InboxItem['desk'];
export type Overview = Schemas['Overview'];
export type Webhook = Schemas['Webhook'];
export type WebhookDetail = Schemas['WebhookDetail'];
export type AuditEntry = Schemas['AuditEntry'];
export type Evidence = Schemas['Evidence'];
export type CannedReply = Schemas['CannedReply'];
export type ReplayAnswer =
  operations['operatorReplay']['responses'][200]['content']['application/json'];

/** A page of a list, as the server pages all of them. */
export interface Page<Item> {
  items: Item[];
  next?: string | null;
}

export const TABS = [
  'overview',
  'conversations',
  'users',
  'webhooks',
  'evidence',
  'audit',
] as const;
export type Tab = (typeof TABS)[number];

/** Which tab an address names; null for none that exists. */
export function tabOf(name: string | undefined): Tab | null {
  return name === undefined ? 'overview' : (TABS.find((tab) => tab === name) ?? null);
}

export const SHOWN = ['waiting', 'mine', 'done', 'all'] as const;
export type Shown = (typeof SHOWN)[number];

export const STATUSES = ['parked', 'processed', 'ignored'] as const;
export type WebhookStatus = Webhook['status'];

export const ACTIONS = [
  'conversation.read',
  'conversation.reply',
  'conversation.take',
  'conversation.hand_back',
  'conversation.close',
  'image.read',
  'inbox.read',
  'users.search',
  'user.read',
  'evidence.read',
  'webhook.read',
  'webhook.replay',
  'premium.grant',
  'premium.end',
  'export',
  'operator.add',
  'operator.remove',
] as const satisfies readonly AuditEntry['action'][];

/** One of `known`, or the first of them: what is typed into an address need not make sense. */
export function oneOf<T extends string>(known: readonly [T, ...T[]], value: string | null): T {
  return known.find((k) => k === value) ?? known[0];
}

/** How a person is called where there is room for one name. */
export function nameOf(person: { name?: string; email?: string; id: string }): string {
  return [person.name?.trim(), person.email].find(Boolean) ?? person.id.slice(0, 8);
}

/** Who answers in a conversation, seen by the operator `me`. */
export type Standing = 'assistant' | 'waiting' | 'mine' | 'theirs' | 'closed';

export function standingOf(
  { desk, operator }: Pick<InboxItem, 'desk' | 'operator'>,
  me: string,
): Standing {
  if (desk !== 'operator') return desk;
  return operator?.id === me ? 'mine' : 'theirs';
}

/** The address of a tab with its filters and what is selected in it; empty ones are left out. */
export function addressOf(tab: Tab, query: Record<string, string | null | undefined> = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, value);
  const text = params.toString();
  return `/operator${tab === 'overview' ? '' : `/${tab}`}${text && `?${text}`}`;
}

/** Where a file with the whole list is, filtered as the list is. */
export function exportOf(
  list: 'users' | 'webhooks' | 'audit',
  format: 'csv' | 'json',
  query: Record<string, string | undefined>,
): string {
  const params = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, value);
  return `/api/operator/export/${list}?${params.toString()}`;
}

/** Markdown in one line of a list: its words without the marks that people know. */
export function plain(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`)/g, '')
    .replace(/^\s*(#{1,6}|>|[-*+]|\d+[.)])\s+/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The most telling fields of a document, in one line: what is a word or a number, not an id. */
export function summaryOf(data: Record<string, unknown>): string {
  return Object.entries(data)
    .filter(
      ([name, value]) => !/^(_?id|type|userId|sessionId|ts|text)$/i.test(name) && isScalar(value),
    )
    .slice(0, 4)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(' · ');
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
