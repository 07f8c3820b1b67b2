import { createStore, entries } from 'idb-keyval';

/** Marks, for this tab, that it has reloaded for the version whose files were missing. */
const KEY = 'liveassist.reloaded';

/** Told when a new version waits and the page must not reload by itself. */
type Listener = () => void;
const listeners = new Set<Listener>();
let ready = false;

export const updates = {
  subscribe: (listener: Listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  ready: () => ready,
  announce: () => {
    ready = true;
    for (const listener of listeners) listener();
  },
};

/**
 * After a deploy, files of the page's own version are gone, and the next page cannot be opened.
 * The page then loads anew, once, if that loses nothing; else the update bar asks.
 */
export function reloadOnMissingChunk() {
  addEventListener('vite:preloadError', (event) => {
    event.preventDefault();
    void reloadIfSafe();
  });
}

async function reloadIfSafe() {
  if (!navigator.onLine || alreadyReloaded() || (await isSending())) {
    updates.announce();
    return;
  }
  // Drafts are written as they are typed; `pagehide` writes what the last pause left over.
  location.reload();
}

/** Once per version: a server that really lacks the file must not make the page reload for ever. */
function alreadyReloaded(): boolean {
  try {
    if (sessionStorage.getItem(KEY) === ownEntry()) return true;
    sessionStorage.setItem(KEY, ownEntry());
    return false;
  } catch {
    return true;
  }
}

async function isSending(): Promise<boolean> {
  try {
    const rows = await entries<string, { state: string }>(createStore('liveassist-outbox', 'rows'));
    return rows.some(([, row]) => row.state === 'sending');
  } catch {
    return true;
  }
}

/** The address of the script that this page began with: its hash names the version. */
export function ownEntry(): string {
  return document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src ?? '';
}

/** Asks the server whether its page begins with another script than this one. */
export async function checkForUpdate(): Promise<void> {
  const own = ownEntry();
  if (!own || ready) return;
  try {
    const response = await fetch('/', { cache: 'no-cache' });
    const page = response.ok ? await response.text() : '';
    if (page.includes('<script') && !page.includes(new URL(own).pathname)) updates.announce();
  } catch {
    // The network has just come back and may go again; there will be another time.
  }
}
