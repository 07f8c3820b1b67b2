import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError, api, call } from '@/api';
import type { Message } from '@/api';
import { useAuth } from '@/lib/auth';
import { newId } from '@/lib/id';
import { storage } from '@/lib/storage';
import { addMessage, keys } from '../queries';
import { pauseBefore, pendingIn, restored, withoutRow, withRow } from './replies';
import type { Reply } from './replies';

const cacheKey = (userId: string) => ['operator-replies', userId] as const;
const diskKey = (userId: string) => `liveassist.operator.replies.${userId}`;

export interface Replies {
  /** On their way, or not sent, in the order in which they were written. */
  pending: readonly Reply[];
  send: (text: string) => void;
  /** Tries a failed one again, under its own id. */
  retry: (reply: Reply) => void;
  remove: (reply: Reply) => void;
}

/**
 * Replies on their way in one conversation. They are on disk before the first try and stay there
 * until the server has them; what this page sends goes on while another tab of it is shown.
 */
export function useReplies(sessionId: string, stored: ReadonlySet<string>): Replies {
  const client = useQueryClient();
  const userId = useAuth().user?.id ?? '';
  const { data: rows } = useQuery({
    queryKey: cacheKey(userId),
    queryFn: () => restored(storage.get(diskKey(userId))),
    initialData: () => restored(storage.get(diskKey(userId))),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const pending = useMemo(() => pendingIn(rows, sessionId, stored), [rows, sessionId, stored]);
  const start = (reply: Reply) => {
    change(client, userId, (all) => withRow(all, reply));
    void inTurn(sessionId, () => deliver(client, userId, reply));
  };
  return {
    pending,
    send: (text) =>
      start({ id: newId(), sessionId, text, state: 'sending', error: null, createdAt: Date.now() }),
    retry: (reply) => start({ ...reply, state: 'sending', error: null }),
    remove: (reply) => change(client, userId, (all) => withoutRow(all, reply.id)),
  };
}

function change(client: QueryClient, userId: string, next: (rows: readonly Reply[]) => Reply[]) {
  const rows = next(client.getQueryData<Reply[]>(cacheKey(userId)) ?? []);
  client.setQueryData(cacheKey(userId), rows);
  storage.set(diskKey(userId), rows.length > 0 ? JSON.stringify(rows) : null);
}

/** The last reply under way in each conversation: the next one waits, so that they keep their order. */
const turns = new Map<string, Promise<void>>();

function inTurn(sessionId: string, work: () => Promise<void>): Promise<void> {
  const mine = (turns.get(sessionId) ?? Promise.resolve()).then(work);
  turns.set(sessionId, mine);
  return mine.finally(() => {
    if (turns.get(sessionId) === mine) turns.delete(sessionId);
  });
}

/** Sends one reply until the server has it or refuses it. It never throws. */
async function deliver(client: QueryClient, userId: string, reply: Reply): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      addMessage(client, await post(reply));
      change(client, userId, (rows) => withoutRow(rows, reply.id));
      return;
    } catch (cause) {
      const error = cause instanceof ApiError ? cause : ApiError.network(cause);
      const pause = error.transient ? pauseBefore(attempt, error.retryAfter) : null;
      if (pause === null) {
        const { kind, code, message } = error;
        const failed: Reply = { ...reply, state: 'failed', error: { kind, code, message } };
        change(client, userId, (rows) => withRow(rows, failed));
        // Somebody else may have the conversation now.
        if (kind === 'conflict')
          void client.invalidateQueries({ queryKey: keys.conversation(reply.sessionId) });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function post({ sessionId, id, text }: Reply): Promise<Message> {
  return call(
    api.POST('/api/operator/conversations/{sessionId}/messages', {
      params: { path: { sessionId } },
      body: { id, text },
    }),
  );
}
