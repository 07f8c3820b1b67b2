import { useCallback, useEffect, useState } from 'react';
import { storage } from '@/lib/storage';

/** The name under which other programs (and tests) look for the conversation's id. */
const KEY = 'liveassistSessionId';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is not an id cannot name a conversation: somebody, or an older version, left it there. */
export function storedSessionId(): string | null {
  const value = storage.get(KEY);
  return value && UUID.test(value) ? value : null;
}

/**
 * The conversation's id as state, written through to localStorage. Tabs follow each other's first
 * conversation and its end, not the choice between several.
 */
export function useSessionId(): [string | null, (id: string | null) => void] {
  const [id, setId] = useState(storedSessionId);

  const set = useCallback((next: string | null) => {
    storage.set(KEY, next);
    setId(next);
  }, []);

  useEffect(() => {
    const follow = (event: StorageEvent) => {
      if (event.key !== KEY && event.key !== null) return;
      const stored = storedSessionId();
      // Each tab may have another conversation on the screen; one that has none takes the other's.
      setId((own) => (own && stored ? own : stored));
    };
    addEventListener('storage', follow);
    return () => removeEventListener('storage', follow);
  }, []);

  return [id, set];
}
