import { useCallback, useEffect, useRef, useState } from 'react';
import { storage } from '@/lib/storage';

/** Milliseconds after the last key before a draft is written. */
const PAUSE = 150;

/**
 * What is written in the composer, kept per person over navigation, reloads and crashes. It is in
 * localStorage rather than IndexedDB because that is written at once: also while a page is closing.
 */
export function useDraft(userId: string): [string, (text: string) => void] {
  const key = `liveassist.draft.${userId}`;
  const [text, setText] = useState(() => storage.get(key) ?? '');
  const unwritten = useRef<string | null>(null);

  const write = useCallback(() => {
    if (unwritten.current === null) return;
    storage.set(key, unwritten.current);
    unwritten.current = null;
  }, [key]);

  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const set = useCallback(
    (next: string) => {
      setText(next);
      unwritten.current = next;
      clearTimeout(timer.current);
      if (next) timer.current = setTimeout(write, PAUSE);
      else write();
    },
    [write],
  );

  useEffect(() => {
    addEventListener('pagehide', write);
    return () => {
      removeEventListener('pagehide', write);
      clearTimeout(timer.current);
      write();
    };
  }, [write]);

  return [text, set];
}
