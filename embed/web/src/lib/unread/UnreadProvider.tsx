import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useAuth } from '@/lib/auth';
import { useServerEvent } from '@/lib/events';
import { storage } from '@/lib/storage';
import { UnreadContext } from './context';
import { countOf, noted, parseUnread, seen } from './model';
import type { Unread } from './model';

/**
 * Counts replies that come while their conversation is not on the screen. The count is in
 * localStorage, so that all tabs show the same and one that reads clears it for all.
 */
export function UnreadProvider({ children }: { children: ReactNode }) {
  const { user } = useAuth();
  const key = user ? `liveassist.unread.${user.id}` : null;
  const [unread, change] = useStored(key);
  const reading = useRef<string | null>(null);

  const look = useCallback(() => {
    const id = reading.current;
    if (id && document.visibilityState !== 'hidden') change((now) => seen(now, id));
  }, [change]);

  const read = useCallback(
    (sessionId: string | null) => {
      reading.current = sessionId;
      look();
    },
    [look],
  );

  useServerEvent('message.created', ({ id, sessionId, role }) => {
    if (role !== 'user') change((now) => noted(now, sessionId, id));
    look();
  });

  // Another tab may have noted what this one shows.
  useEffect(look, [look, unread]);
  useEffect(() => {
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [look]);

  const value = useMemo(() => ({ unread, total: countOf(unread), read }), [unread, read]);
  return <UnreadContext value={value}>{children}</UnreadContext>;
}

/** A value in localStorage as state, followed across tabs; nothing while there is no key. */
function useStored(key: string | null): [Unread, (by: (now: Unread) => Unread) => void] {
  const [state, setState] = useState<Unread>({});

  const refresh = useCallback(() => setState(parseUnread(key && storage.get(key))), [key]);
  useEffect(refresh, [refresh]);
  useEffect(() => {
    const follow = (event: StorageEvent) => {
      if (event.key === key || event.key === null) refresh();
    };
    addEventListener('storage', follow);
    return () => removeEventListener('storage', follow);
  }, [key, refresh]);

  const change = useCallback(
    (by: (now: Unread) => Unread) => {
      if (!key) return;
      const before = parseUnread(storage.get(key));
      const after = by(before);
      if (after === before) return;
      storage.set(key, countOf(after) > 0 ? JSON.stringify(after) : null);
      setState(after);
    },
    [key],
  );
  return [state, change];
}
