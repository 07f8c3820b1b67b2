import { useCallback, useEffect, useRef } from 'react';
import type { User } from '@/api';

type News = { type: 'signed-in'; user: User } | { type: 'signed-out' };

interface Handlers {
  onSignedIn: (user: User) => void;
  onSignedOut: () => void;
}

/** The tabs of one browser share one cookie, so they tell each other who came and went. */
export function useTabs(handlers: Handlers): (news: News) => void {
  const channel = useRef<BroadcastChannel | null>(null);
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });

  useEffect(() => {
    const opened = new BroadcastChannel('liveassist-auth');
    channel.current = opened;
    opened.onmessage = (event: MessageEvent<News>) => {
      if (event.data.type === 'signed-in') latest.current.onSignedIn(event.data.user);
      else latest.current.onSignedOut();
    };
    return () => {
      channel.current = null;
      opened.close();
    };
  }, []);

  return useCallback((news: News) => channel.current?.postMessage(news), []);
}
