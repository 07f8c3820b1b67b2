import type { QueryClient } from '@tanstack/react-query';
import type { User } from '@/api';
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
    client.setQueryData<Record<string, string>>(keys.unanswered(sessionId), (failed = {}) => ({
      ...failed,
      [id]: error,
    }));
  },

  'usage.updated': (client, { image_counter, image_limit }) =>
    patchMe(client, { image_counter, image_limit }),

  // What these change is on pages that few people open; those listen for themselves.
  'conversation.updated': nothing,
  'conversation.typing': nothing,
  'inbox.updated': nothing,
  'inbox.message': nothing,

  'xp.awarded': (client, { total }) => {
    patchMe(client, { xp: total });
    void client.invalidateQueries({ queryKey: keys.xp });
  },
};

/** What events keep right may have changed unseen: ask again for what is on the screen. */
export function refetchFollowed(client: QueryClient) {
  void client.invalidateQueries({
    predicate: ({ queryKey: [name] }) =>
      name === 'messages' || name === 'sessions' || name === 'xp' || name === 'desk',
  });
}

function nothing() {
  // Only passed on.
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
