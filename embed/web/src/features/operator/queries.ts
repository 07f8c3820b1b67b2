import { queryOptions } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { api, call } from '@/api';
import type { Message } from '@/api';
import type { Lang } from '@/lib/i18n';
import { add, mergeNewest, OLDER_PAGE, prepend } from '@/lib/messages';
import type { Known } from '@/lib/messages';
import type { Conversation, InboxItem, Shown, WebhookStatus } from './model';
import { usePages } from './pages';

/**
 * What begins with `desk` the stream tells of, and its owner has it read anew after a gap; the rest
 * is read when it is opened. Each reading is audited, so none is for nothing.
 */
export const keys = {
  overview: ['desk', 'overview'] as const,
  inbox: ['desk', 'inbox'] as const,
  conversation: (id: string) => ['desk', 'conversation', id] as const,
  messages: (id: string) => ['desk', 'messages', id] as const,
  users: ['operator', 'users'] as const,
  user: (id: string) => ['operator', 'user', id] as const,
  evidence: (id: string) => ['operator', 'evidence', id] as const,
  webhooks: ['operator', 'webhooks'] as const,
  webhook: (id: string) => ['operator', 'webhook', id] as const,
  audit: ['operator', 'audit'] as const,
  canned: (lang: Lang, q: string) => ['operator-canned', lang, q] as const,
};

/**
 * The stream's news reach these pages only while they are open, and Stripe's come without any: what
 * is opened is read anew, with what was known shown meanwhile.
 */
const FRESH = { staleTime: 0 } as const;

export const overviewQuery = queryOptions({
  ...FRESH,
  queryKey: keys.overview,
  queryFn: () => call(api.GET('/api/operator/overview')),
  // Webhooks and streams come without an event; a look once in a while keeps the numbers honest.
  refetchInterval: 30_000,
});

export function useInbox(state: Shown) {
  return usePages<InboxItem>([...keys.inbox, state], (after) =>
    call(api.GET('/api/operator/conversations', { params: { query: { state, after } } })),
  );
}

export function conversationQuery(sessionId: string) {
  return queryOptions({
    ...FRESH,
    queryKey: keys.conversation(sessionId),
    queryFn: (): Promise<Conversation> =>
      call(api.GET('/api/operator/conversations/{sessionId}', { params: { path: { sessionId } } })),
  });
}

/** The newest messages of anybody's conversation; older ones are added by `fetchOlder`. */
export function messagesQuery(sessionId: string, client: QueryClient) {
  return queryOptions({
    ...FRESH,
    queryKey: keys.messages(sessionId),
    queryFn: async (): Promise<Known> => {
      const page = await call(messagesOf(sessionId));
      return mergeNewest(client.getQueryData<Known>(keys.messages(sessionId)), page);
    },
  });
}

export async function fetchOlder(client: QueryClient, sessionId: string): Promise<void> {
  const before = client.getQueryData<Known>(keys.messages(sessionId))?.messages[0]?.id;
  if (!before) return;
  const page = await call(messagesOf(sessionId, { before, limit: OLDER_PAGE }));
  client.setQueryData<Known>(keys.messages(sessionId), (now) => now && prepend(now, page));
}

function messagesOf(sessionId: string, query: { before?: string; limit?: number } = {}) {
  return api.GET('/api/operator/conversations/{sessionId}/messages', {
    params: { path: { sessionId }, query },
  });
}

/** Takes in one message that the server stored; what is not on the screen is read when it is. */
export function addMessage(client: QueryClient, message: Message) {
  client.setQueryData<Known>(keys.messages(message.sessionId), (known) => {
    if (!known) return known;
    const messages = add(known.messages, message);
    return messages === known.messages ? known : { ...known, messages };
  });
}

export function useUsers(q: string) {
  return usePages([...keys.users, q], (after) =>
    call(api.GET('/api/operator/users', { params: { query: { q: q || undefined, after } } })),
  );
}

export function userQuery(userId: string) {
  return queryOptions({
    ...FRESH,
    queryKey: keys.user(userId),
    queryFn: () => call(api.GET('/api/operator/users/{userId}', { params: { path: { userId } } })),
  });
}

export interface WebhookFilter {
  status?: WebhookStatus | undefined;
  type?: string | undefined;
  userId?: string | undefined;
}

export function useWebhooks(filter: WebhookFilter) {
  return usePages([...keys.webhooks, filter], (after) =>
    call(api.GET('/api/operator/webhooks', { params: { query: { ...filter, after } } })),
  );
}

export function webhookQuery(webhookId: string) {
  return queryOptions({
    ...FRESH,
    queryKey: keys.webhook(webhookId),
    queryFn: () =>
      call(api.GET('/api/operator/webhooks/{webhookId}', { params: { path: { webhookId } } })),
  });
}

export interface AuditFilter {
  action?: string | undefined;
  userId?: string | undefined;
  operatorId?: string | undefined;
}

export function useAudit(filter: AuditFilter) {
  return usePages([...keys.audit, filter], (after) =>
    call(api.GET('/api/operator/audit', { params: { query: { ...filter, after } } })),
  );
}

/** Replies made from the guides change with a release of the server only. */
export function cannedQuery(lang: Lang, q: string) {
  return queryOptions({
    queryKey: keys.canned(lang, q),
    queryFn: () =>
      call(api.GET('/api/operator/canned', { params: { query: { lang, q: q || undefined } } })),
    staleTime: Infinity,
  });
}
