/** The browser's locks; null where it has none: on plain http beyond loopback. */
export function webLocks(): LockManager | null {
  return (navigator as { locks?: LockManager | null }).locks ?? null;
}

/** Milliseconds to wait for a tab that holds a lock without a sign of life. */
const PATIENCE = 45_000;

/**
 * Runs `work` while no other tab runs work of the same name. A tab that was frozen while it held the
 * lock is overruled after `PATIENCE` without a note on `signs`; what is done here bears being done
 * twice. Without Web Locks (plain http beyond loopback) the work simply runs.
 */
export async function exclusively(
  name: string,
  signs: BroadcastChannel | null,
  work: () => Promise<void>,
): Promise<void> {
  const locks = webLocks();
  if (!locks) return work();
  const overrule = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => overrule.abort(), PATIENCE);
  };
  const stop = () => {
    clearTimeout(timer);
    signs?.removeEventListener('message', wait);
  };
  wait();
  signs?.addEventListener('message', wait);
  try {
    await locks.request(name, { signal: overrule.signal }, () => {
      stop();
      return work();
    });
  } catch (error) {
    stop();
    if (!isAbort(error)) throw error;
    // Aborted without our doing: the lock was taken from us, and another tab goes on.
    if (overrule.signal.aborted) await locks.request(name, { steal: true }, work);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
