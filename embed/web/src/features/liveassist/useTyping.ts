import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/api';
import type { Conversation } from '@/api';
import { useServerEvent } from '@/lib/events';

/** Milliseconds for which "is typing" is shown after the last word of it. */
export const SHOWN = 6_000;

/** Milliseconds between two words of it to the other side. */
export const TOLD = 3_000;

/** Whether the operator of this conversation is typing. */
export function useOperatorTyping(sessionId: string | null): boolean {
  const [at, setAt] = useState<{ id: string; n: number } | null>(null);
  useServerEvent('conversation.typing', ({ sessionId: id, role }) => {
    if (role === 'operator') setAt((before) => ({ id, n: (before?.n ?? 0) + 1 }));
  });
  useServerEvent('message.created', ({ sessionId: id, role }) => {
    if (role === 'operator') setAt((before) => (before?.id === id ? null : before));
  });
  useEffect(() => {
    if (!at) return;
    const timer = setTimeout(() => setAt(null), SHOWN);
    return () => clearTimeout(timer);
  }, [at]);
  return at !== null && at.id === sessionId;
}

/** Gives what to call at each key: it tells an operator who is there, and nobody else. */
export function useTellTyping(
  sessionId: string | null,
  desk: Conversation['desk'] | undefined,
): () => void {
  const last = useRef(0);
  return useCallback(() => {
    if (!sessionId || desk !== 'operator') return;
    const now = performance.now();
    if (last.current && now - last.current < TOLD) return;
    last.current = now;
    const params = { path: { sessionId } };
    // A courtesy: one that is lost is made up for by the next, and nobody is asked to sign in for it.
    api.POST('/api/liveassist/sessions/{sessionId}/typing', { params }).catch(() => undefined);
  }, [sessionId, desk]);
}
