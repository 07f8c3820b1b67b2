/** Where the app is. The names and meanings are those of react-router, which people know. */
export interface Location<State = unknown> {
  pathname: string;
  /** With its `?`, or empty. */
  search: string;
  /** With its `#`, or empty. */
  hash: string;
  /** What the link that led here carried along; lost when the address is typed. */
  state: State;
}

/** How the app came to be where it is. */
export type NavigationType = 'POP' | 'PUSH' | 'REPLACE';

export interface Entry {
  location: Location;
  type: NavigationType;
}

/** The addresses of a tab, of which the app sees the present one. */
export interface History {
  current: () => Entry;
  subscribe: (listener: () => void) => () => void;
  go: (to: string, options: { replace?: boolean | undefined; state?: unknown }) => void;
}

/** The browser's own history; state is kept where react-router keeps it. */
export function browserHistory(): History {
  const listeners = new Set<() => void>();
  let entry: Entry = { location: here(), type: 'POP' };
  const arrive = (type: NavigationType) => {
    entry = { location: here(), type };
    for (const listener of listeners) listener();
  };
  const pop = () => arrive('POP');
  return {
    current: () => entry,
    subscribe: (listener) => {
      if (listeners.size === 0) addEventListener('popstate', pop);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) removeEventListener('popstate', pop);
      };
    },
    go: (to, { replace = false, state = null }) => {
      history[replace ? 'replaceState' : 'pushState']({ usr: state }, '', to);
      arrive(replace ? 'REPLACE' : 'PUSH');
    },
  };
}

function here(): Location {
  const { pathname, search, hash } = location;
  const kept = history.state as { usr?: unknown } | null;
  return { pathname, search, hash, state: kept?.usr ?? null };
}

/** A history in memory, for tests. */
export function memoryHistory(start: string | { pathname: string; state?: unknown }): History {
  const listeners = new Set<() => void>();
  const at = (to: string, state: unknown): Location => {
    const { pathname, search, hash } = new URL(to, 'http://localhost');
    return { pathname, search, hash, state: state ?? null };
  };
  const first = typeof start === 'string' ? at(start, null) : at(start.pathname, start.state);
  let entry: Entry = { location: first, type: 'POP' };
  return {
    current: () => entry,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    go: (to, { replace = false, state }) => {
      entry = { location: at(to, state), type: replace ? 'REPLACE' : 'PUSH' };
      for (const listener of listeners) listener();
    },
  };
}
