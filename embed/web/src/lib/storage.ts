/**
 * localStorage that never throws: in private windows and embedded pages it may be forbidden or
 * full. What is kept here is a convenience; what must not be lost is in IndexedDB (lib/outbox).
 */
export const storage = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  /** Stores a value, or removes the key when it is null or empty. Gives whether it is on disk. */
  set(key: string, value: string | null): boolean {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
      return true;
    } catch {
      return false;
    }
  },
};
