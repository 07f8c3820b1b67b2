import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/api';
import { useServerEvent } from '@/lib/events';

/** Milliseconds that a sign of typing holds: they come every few seconds. */
const HOLDS = 6_000;

/** Milliseconds between two signs that one is typing. */
const EVERY = 3_000;

/** Whether the person types in this conversation just now. */
export function usePersonTyping(sessionId: string): boolean {
  const [typing, setTyping] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stop = useCallback(() => {
    clearTimeout(timer.current);
    setTyping(false);
  }, []);
  useServerEvent('conversation.typing', (sign) => {
    if (sign.sessionId !== sessionId || sign.role !== 'user') return;
    clearTimeout(timer.current);
    setTyping(true);
    timer.current = setTimeout(stop, HOLDS);
  });
  // What was typed has come.
  useServerEvent('inbox.message', (message) => {
    if (message.sessionId === sessionId && message.role === 'user') stop();
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return typing;
}

/** Gives what to call with every key: it tells the person now and then that one is typing. */
export function useTypingSign(sessionId: string): () => void {
  const last = useRef(-Infinity);
  return () => {
    const now = performance.now();
    if (now - last.current < EVERY) return;
    last.current = now;
    const params = { path: { sessionId } };
    // A courtesy: that it failed is nothing to trouble anybody with.
    api.POST('/api/operator/conversations/{sessionId}/typing', { params }).catch(() => undefined);
  };
}
