import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ApiError, api, call, onUnauthenticated } from '@/api';
import type { Credentials, Registration, User } from '@/api';
import { keys, meQuery } from '@/lib/queries';
import { AuthContext } from './context';
import type { Auth } from './context';
import { useSessionId } from './session-id';
import { useTabs } from './tabs';

/** Who is signed in, and which conversation is on the screen. */
export function AuthProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const me = useQuery(meQuery);
  const user = me.data ?? null;
  const [sessionEnded, setEnded] = useState(false);
  const [liveassistSessionId, setLiveassistSessionId] = useSessionId();
  const guard = useRef<(() => Promise<boolean>) | null>(null);

  const enter = useCallback(
    (next: User) => {
      const before = client.getQueryData<User | null>(keys.me);
      if (before && before.id !== next.id) setLiveassistSessionId(null);
      if (before?.id !== next.id)
        client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'me' });
      client.setQueryData(keys.me, next);
      setEnded(false);
    },
    [client, setLiveassistSessionId],
  );

  const leave = useCallback(() => {
    setEnded(false);
    setLiveassistSessionId(null);
    client.setQueryData(keys.me, null);
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'me' });
  }, [client, setLiveassistSessionId]);

  const tell = useTabs({ onSignedIn: enter, onSignedOut: leave });

  useEffect(
    () =>
      onUnauthenticated(() => {
        if (client.getQueryData<User | null>(keys.me)) setEnded(true);
      }),
    [client],
  );

  const { refetch } = me;
  const actions = useMemo(() => {
    const entering = async (request: Promise<User>) => {
      const next = await request;
      enter(next);
      tell({ type: 'signed-in', user: next });
      return next;
    };
    return {
      signIn: (body: Credentials) => entering(call(api.POST('/api/auth/login', { body }))),
      register: async (body: Registration) => {
        const answer = await call(api.POST('/api/auth/register', { body }));
        return 'id' in answer ? entering(Promise.resolve(answer)) : null;
      },
      signOut: async () => {
        if (guard.current && !(await guard.current())) return false;
        await endOnServer();
        leave();
        tell({ type: 'signed-out' });
        return true;
      },
      leave: () => {
        leave();
        tell({ type: 'signed-out' });
      },
      retry: () => void refetch(),
      guardSignOut: (ask: () => Promise<boolean>) => {
        guard.current = ask;
        return () => {
          if (guard.current === ask) guard.current = null;
        };
      },
    };
  }, [enter, leave, refetch, tell]);

  const status = statusOf(me.data, me.isError);
  const value = useMemo<Auth>(
    () => ({ status, user, sessionEnded, liveassistSessionId, setLiveassistSessionId, ...actions }),
    [status, user, sessionEnded, liveassistSessionId, setLiveassistSessionId, actions],
  );
  return <AuthContext value={value}>{children}</AuthContext>;
}

function statusOf(data: User | null | undefined, failed: boolean): Auth['status'] {
  if (data) return 'signed-in';
  if (data === null) return 'signed-out';
  return failed ? 'unreachable' : 'loading';
}

/** A sign-in that the server has ended already is as good as ended now. */
async function endOnServer() {
  try {
    await call(api.POST('/api/auth/logout'));
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
}
