import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { api, call } from '@/api';
import type { WebhookDetail } from '../model';
import { keys } from '../queries';
import { ReplayQueue } from './replay';
import type { Replay } from './replay';

/** One queue for one signed-in page: going to another tab of the console does not stop it. */
const queues = new WeakMap<QueryClient, ReplayQueue>();

function queueOf(client: QueryClient): ReplayQueue {
  const known = queues.get(client);
  if (known) return known;
  const queue = new ReplayQueue({
    run: (webhookId) =>
      call(
        api.POST('/api/operator/webhooks/{webhookId}/replay', { params: { path: { webhookId } } }),
      ),
    onRan: (webhookId, answer) => {
      if (answer) client.setQueryData<WebhookDetail>(keys.webhook(webhookId), answer.webhook);
      else void client.invalidateQueries({ queryKey: keys.webhook(webhookId) });
      // Plans, points and other parked events may have changed with it.
      for (const queryKey of [keys.webhooks, keys.overview, ['operator', 'user'], keys.audit])
        void client.invalidateQueries({ queryKey });
    },
  });
  queues.set(client, queue);
  return queue;
}

/** The replays of this page by the event's id, and the way to ask for more. */
export function useReplays(): {
  replays: ReadonlyMap<string, Replay>;
  replay: (ids: readonly string[]) => void;
} {
  const queue = queueOf(useQueryClient());
  const replays = useSyncExternalStore(queue.subscribe, queue.snapshot);
  return { replays, replay: (ids) => queue.add(ids) };
}
