import type { QueryClient } from '@tanstack/react-query';
import type { Conversation, User } from '@/api';
import { addMessage } from '@/lib/messages';
import { keys } from '@/lib/queries';
import type { ServerEventName, ServerEvents } from './types';

type Table = {
  [E in ServerEventName]: (client: QueryClient, data: ServerEvents[E]) => void;
};

/** What each live event changes in the cache: the one place where the two meet. */
export const table: Table = {
  ready: (client, user) => {
    client.setQueryData<User | null>(keys.me, user);
    // Pieces of a reply are not sent again, so one half heard would stay half.
    for (const [key] of client.getQueriesData({ queryKey: ['writing'] }))
      client.setQueryData(key, {});
  },

  reset: (client) => {
    void client.invalidateQueries({ queryKey: keys.me });
    refetchFollowed(client);
  },

  'subscription.updated': (client, { subscription_status, subscription_expiry }) => {
    patchMe(client, { subscription_status, subscription_expiry });
    // What goes with it (limit, plan, renewal) is not in the event.
    void client.invalidateQueries({ queryKey: keys.me });
  },

  'message.created': (client, message) => {
    addMessage(client, message);
    if (message.role !== 'user') {
      client.setQueryData<Record<string, string>>(
        keys.writing(message.sessionId),
        without(message.id),
      );
    }
    void client.invalidateQueries({ queryKey: keys.sessions });
  },

  'message.delta': (client, { id, sessionId, text }) => {
    client.setQueryData<Record<string, string>>(keys.writing(sessionId), (writing = {}) => ({
      ...writing,
      [id]: (writing[id] ?? '') + text,
    }));
  },

  'message.failed': (client, { id, sessionId, error }) => {
    client.setQueryData<Record<string, string>>(keys.writing(sessionId), () => ({}));
    patchConversation(client, sessionId, (now) => ({
      failed: [...now.failed.filter((f) => f.id !== id), { id, error }],
      pending: now.pending.filter((p) => p !== id),
    }));
  },

  'conversation.updated': (client, { sessionId, ...now }) => {
    patchConversation(client, sessionId, () => now);
    // Whether replies come by themselves now is not in the event.
    void client.invalidateQueries({ queryKey: keys.conversation(sessionId) });
    void client.invalidateQueries({ queryKey: keys.sessions });
  },

  // Nothing to keep: who shows it listens for it.
  'conversation.typing': () => undefined,

  'usage.updated': (client, { image_counter, image_limit }) =>
    patchMe(client, { image_counter, image_limit }),

  // What these change is on pages that few people open; those listen for themselves.
  'inbox.updated': () => undefined,
  'inbox.message': () => undefined,

  'xp.awarded': (client, { total }) => {
    patchMe(client, { xp: total });
    void client.invalidateQueries({ queryKey: keys.xp });
  },
};

/** What events keep right may have changed unseen: ask again for what is on the screen. */
export function refetchFollowed(client: QueryClient) {
  void client.invalidateQueries({
    predicate: ({ queryKey: [name] }) =>
      ['messages', 'conversation', 'sessions', 'xp', 'desk'].includes(String(name)),
  });
}

function patchConversation(
  client: QueryClient,
  sessionId: string,
  patch: (now: Conversation) => Partial<Conversation>,
) {
  client.setQueryData<Conversation>(
    keys.conversation(sessionId),
    (now) => now && { ...now, ...patch(now) },
  );
}

function patchMe(client: QueryClient, patch: Partial<User>) {
  client.setQueryData<User | null>(keys.me, (user) => user && { ...user, ...patch });
}

function without(id: string) {
  return (texts: Record<string, string> | undefined) => {
    if (!texts || !(id in texts)) return texts;
    return Object.fromEntries(Object.entries(texts).filter(([key]) => key !== id));
  };
}
