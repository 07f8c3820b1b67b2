import { QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError, api, call } from '@/api';
import type { User } from '@/api';

/** Every key of the cache, in one place, so that live events change what pages read. */
export const keys = {
  me: ['me'] as const,
  sessions: ['sessions'] as const,
  messages: (sessionId: string) => ['messages', sessionId] as const,
  /** Replies being written in a conversation: text by reply id. */
  writing: (sessionId: string) => ['writing', sessionId] as const,
  /** Who answers in a conversation, what waits for a reply, what was thought of replies. */
  conversation: (sessionId: string) => ['conversation', sessionId] as const,
  search: (words: string) => ['search', words] as const,
  xp: ['xp'] as const,
  logins: ['logins'] as const,
  plans: ['plans'] as const,
  guides: (lang: string) => ['guides', lang] as const,
  guide: (lang: string, slug: string) => ['guide', lang, slug] as const,
};

/** The signed-in person, or null when nobody is. */
export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: fetchMe,
  staleTime: Infinity,
  gcTime: Infinity,
});

async function fetchMe(): Promise<User | null> {
  try {
    return await call(api.GET('/api/users/me'));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** The person's conversations, the latest first. */
export const sessionsQuery = queryOptions({
  queryKey: keys.sessions,
  queryFn: () => call(api.GET('/api/liveassist/sessions')),
});

/** How a conversation stands; live events keep it right. */
export function conversationQuery(sessionId: string) {
  return queryOptions({
    queryKey: keys.conversation(sessionId),
    queryFn: () =>
      call(api.GET('/api/liveassist/sessions/{sessionId}', { params: { path: { sessionId } } })),
    staleTime: Infinity,
  });
}

/**
 * The live stream keeps the cache right, so data does not go stale by time; what may have been
 * missed while the stream was down is fetched again by the stream's owner.
 */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        // A machine without a network may well reach a server on itself: try, and let it fail.
        networkMode: 'always',
        refetchOnReconnect: true,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && error instanceof ApiError && error.transient,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4_000),
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
