/**
 * Choices that count before the app itself has arrived: language and theme. Apart from
 * lib/storage.ts, so that the small entry need not wait for a file that others share.
 */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a choice; null takes it back. Where storage is forbidden it lasts as long as the page. */
export function keep(key: string, value: string | null) {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Nothing to be done.
  }
}
