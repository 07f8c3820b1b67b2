import { queryOptions } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { ApiError, api, call } from '@/api';
import type { Message } from '@/api';
import { keys } from '@/lib/queries';
import { add, mergeNewest, OLDER_PAGE, prepend } from './model';
import type { Known } from './model';

/** The newest messages of a conversation; older ones are added by `fetchOlder`. */
export function messagesQuery(sessionId: string, client: QueryClient) {
  return queryOptions({
    queryKey: keys.messages(sessionId),
    queryFn: () => fetchNewest(client, sessionId),
    staleTime: Infinity,
    gcTime: Infinity,
    retry: (count, error) => error instanceof ApiError && error.transient && count < 2,
  });
}

export async function fetchNewest(client: QueryClient, sessionId: string): Promise<Known> {
  const page = await call(
    api.GET('/api/liveassist/sessions/{sessionId}/messages', { params: { path: { sessionId } } }),
  );
  const early = client.getQueryData<readonly Message[]>(earlyKey(sessionId)) ?? [];
  client.removeQueries({ queryKey: earlyKey(sessionId) });
  const known = mergeNewest(client.getQueryData<Known>(keys.messages(sessionId)), page);
  return { ...known, messages: early.reduce(add, known.messages) };
}

/** Reads the `limit` messages before the first known one. */
export async function fetchOlder(
  client: QueryClient,
  sessionId: string,
  limit = OLDER_PAGE,
): Promise<void> {
  const known = client.getQueryData<Known>(keys.messages(sessionId));
  const before = known?.messages[0]?.id;
  if (!before) return;
  const page = await call(
    api.GET('/api/liveassist/sessions/{sessionId}/messages', {
      params: { path: { sessionId }, query: { before, limit } },
    }),
  );
  client.setQueryData<Known>(keys.messages(sessionId), (now) => now && prepend(now, page, limit));
}

/**
 * Takes in one message that the server stored. One that comes before the conversation was read is
 * held until then: the answer on its way may have been made before it.
 */
export function addMessage(client: QueryClient, message: Message) {
  const key = keys.messages(message.sessionId);
  if (client.getQueryData(key)) {
    client.setQueryData<Known>(key, (known) => {
      if (!known) return known;
      const messages = add(known.messages, message);
      return messages === known.messages ? known : { ...known, messages };
    });
  } else if (client.getQueryState(key)) {
    client.setQueryData<readonly Message[]>(earlyKey(message.sessionId), (early = []) =>
      add(early, message),
    );
  }
}

function earlyKey(sessionId: string) {
  return ['messages-early', sessionId] as const;
}
