import { createContext, use, useEffect } from 'react';
import type { Unread } from './model';

interface UnreadValue {
  unread: Unread;
  total: number;
  /** Says which conversation is on the screen of this tab; null: none. */
  read: (sessionId: string | null) => void;
}

export const UnreadContext = createContext<UnreadValue>({
  unread: {},
  total: 0,
  read: () => undefined,
});

/** Replies that came while nobody looked, in all tabs of this browser. */
export function useUnread(): UnreadValue {
  return use(UnreadContext);
}

/** What comes in this conversation is seen as long as the component is there and the tab in view. */
export function useReading(sessionId: string | null) {
  const { read } = useUnread();
  useEffect(() => {
    read(sessionId);
    return () => read(null);
  }, [read, sessionId]);
}
