import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { ApiError } from '@/api';
import type { Message } from '@/api';
import { useAuth } from '@/lib/auth';
import { ensureSession } from '@/lib/conversation';
import { messagesQuery } from '@/lib/messages';
import { useNavigate } from '@/lib/router';
import { useAddress } from './address';

export interface Conversation {
  /** Null until it is known; messages can be written before. */
  sessionId: string | null;
  messages: readonly Message[];
  hasOlder: boolean;
  status: 'loading' | 'ready' | 'failed';
  retry: () => void;
}

const NONE: readonly Message[] = [];

/**
 * The conversation on the screen: the one that the address names, else the one of this browser, else
 * the person's most recent one, else a new one. An id that the server does not know (or that was somebody else's) is replaced quietly.
 */
export function useConversation(): Conversation {
  const client = useQueryClient();
  const { user, liveassistSessionId: id, setLiveassistSessionId } = useAuth();
  const [unknown, setUnknown] = useState<string | null>(null);
  const latest = user?.liveassist_session_id ?? null;

  const named = useAddress().sessionId;
  const navigate = useNavigate();

  // Once for each address: an id that turns out to be unknown is not taken from it again.
  useLayoutEffect(() => {
    if (named) setLiveassistSessionId(named);
  }, [named, setLiveassistSessionId]);

  const fallback = latest !== unknown ? latest : null;
  useEffect(() => {
    if (!id && fallback) setLiveassistSessionId(fallback);
  }, [id, fallback, setLiveassistSessionId]);

  const begin = useQuery({
    queryKey: ['session-begin', user?.id, unknown],
    queryFn: () => ensureSession(setLiveassistSessionId),
    enabled: user !== null && !id && !fallback,
    retry: (_, error) => error instanceof ApiError && error.transient,
    staleTime: 0,
    gcTime: 0,
  });

  const query = useQuery({
    ...messagesQuery(id ?? '', client),
    enabled: user !== null && id !== null,
  });

  const gone = query.error instanceof ApiError && query.error.status === 404;
  useEffect(() => {
    if (!gone || !id) return;
    setUnknown(id);
    setLiveassistSessionId(null);
    if (named) navigate('/liveassist', { replace: true });
  }, [gone, id, named, navigate, setLiveassistSessionId]);

  const known = id ? query.data : undefined;
  const failed = begin.isError || (query.isError && !gone && !known);
  const again = begin.isError ? begin.refetch : query.refetch;
  const retry = useCallback(() => void again(), [again]);
  const messages = known?.messages ?? NONE;
  const hasOlder = known?.hasOlder ?? false;
  const status = known ? 'ready' : failed ? 'failed' : 'loading';
  return useMemo(
    () => ({ sessionId: id, messages, hasOlder, status, retry }),
    [id, messages, hasOlder, status, retry],
  );
}
