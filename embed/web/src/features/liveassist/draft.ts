import { useCallback, useEffect, useRef, useState } from 'react';
import { storage } from '@/lib/storage';

/** Milliseconds after the last key before a draft is written. */
const PAUSE = 150;

/**
 * What is written in the composer, kept per person and conversation over navigation, reloads and
 * crashes. It is in localStorage rather than IndexedDB because that is written at once: also while
 * a page is closing.
 *
 * Words may be written before the conversation is known, or in one that turns out to be gone: they
 * stay in the field and belong to the next one.
 */
export function useDraft(
  userId: string,
  sessionId: string | null,
): [string, (text: string) => void] {
  const key = keyOf(userId, sessionId);
  const [text, setText] = useState(
    () => storage.get(key) ?? storage.get(keyOf(userId, null)) ?? '',
  );
  /** What is on the screen and not on disk yet. */
  const unwritten = useRef<{ key: string; text: string } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const write = useCallback(() => {
    clearTimeout(timer.current);
    if (!unwritten.current) return;
    storage.set(unwritten.current.key, unwritten.current.text);
    unwritten.current = null;
  }, []);

  const set = useCallback(
    (next: string) => {
      setText(next);
      clearTimeout(timer.current);
      unwritten.current = { key, text: next };
      if (next) timer.current = setTimeout(write, PAUSE);
      else write();
    },
    [key, write],
  );

  const shown = useRef({ key, sessionId });
  useEffect(() => {
    const before = shown.current;
    shown.current = { key, sessionId };
    if (before.key === key) return;
    write();
    if (before.sessionId && sessionId) {
      setText(storage.get(key) ?? '');
      return;
    }
    // Moved, not copied: what was written nowhere yet, or in a conversation that is gone.
    const carried = storage.get(before.key);
    if (carried) storage.set(key, carried);
    storage.set(before.key, null);
    setText(carried ?? storage.get(key) ?? '');
  }, [key, sessionId, write]);

  useEffect(() => {
    addEventListener('pagehide', write);
    return () => {
      removeEventListener('pagehide', write);
      write();
    };
  }, [write]);

  return [text, set];
}

function keyOf(userId: string, sessionId: string | null): string {
  const own = `liveassist.draft.${userId}`;
  return sessionId ? `${own}.${sessionId}` : own;
}
