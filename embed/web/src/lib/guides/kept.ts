import { createStore, get, set } from 'idb-keyval';
import type { UseStore } from 'idb-keyval';
import { ApiError } from '@/api';

let opened: UseStore | undefined;
const store = () => (opened ??= createStore('liveassist-guides', 'kept'));

/**
 * Gives what the server has, and keeps it on this device; where the server is not reached, gives
 * what was kept. Water on the kitchen floor and no network often come together.
 */
export async function fetchOrKept<T>(key: string, fetch: () => Promise<T>): Promise<T> {
  try {
    const fresh = await fetch();
    // Keeping is a convenience: in private windows it may be forbidden.
    void quietly(() => set(key, fresh, store()));
    return fresh;
  } catch (error) {
    if (!(error instanceof ApiError && error.transient)) throw error;
    const kept = await quietly(() => get<T>(key, store()));
    if (kept === undefined) throw error;
    return kept;
  }
}

async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
