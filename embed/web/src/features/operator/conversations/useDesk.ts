import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useAuth } from '@/lib/auth';
import { useServerEvent } from '@/lib/events';
import type { ServerEvents } from '@/lib/events';
import type { Conversation } from '../model';
import { addMessage, keys } from '../queries';

/** Milliseconds between two readings of the inbox, however much happens at the desk. */
const CALM = 500;

/** Lets the stream's news of the desk change what these pages show. */
export function useDesk() {
  const client = useQueryClient();
  const me = useAuth().user?.id ?? '';
  const readInbox = useCalmly(() => {
    void client.invalidateQueries({ queryKey: keys.inbox });
    void client.invalidateQueries({ queryKey: keys.overview });
  });

  useServerEvent('inbox.updated', (news) => {
    patch(client, news);
    // Whoever has a conversation is told its messages; who only looks on reads them.
    if (news.operator?.id !== me) {
      void client.invalidateQueries({ queryKey: keys.messages(news.sessionId) });
    }
    readInbox();
  });
  useServerEvent('inbox.message', (message) => addMessage(client, message));
}

/** What the news says is true at once; what it does not say is read again. */
function patch(client: QueryClient, news: ServerEvents['inbox.updated']) {
  const { desk, operator, waitingSince, lastActiveAt } = news;
  client.setQueryData<Conversation>(
    keys.conversation(news.sessionId),
    (known) => known && { ...known, desk, operator, waitingSince, lastActiveAt },
  );
}

/** Runs `work` at once, and for all calls within a while once more after it. */
function useCalmly(work: () => void): () => void {
  const latest = useRef(work);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const again = useRef(false);
  useEffect(() => {
    latest.current = work;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return function run() {
    if (timer.current !== undefined) {
      again.current = true;
      return;
    }
    latest.current();
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (!again.current) return;
      again.current = false;
      run();
    }, CALM);
  };
}
