type Listener = () => void;

const listeners = new Set<Listener>();

/** Calls `listener` whenever the server answered 401: the sign-in has ended, here or elsewhere. */
export function onUnauthenticated(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function announceUnauthenticated() {
  for (const listener of listeners) listener();
}
