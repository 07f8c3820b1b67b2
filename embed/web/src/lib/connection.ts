import { createContext, use, useSyncExternalStore } from 'react';

/** `idle`: nobody is signed in, so there is nothing to be connected to. */
export type ConnectionStatus = 'idle' | 'connecting' | 'open' | 'lost';

export const ConnectionContext = createContext<ConnectionStatus>('idle');

/** How the live stream of this browser stands. */
export function useConnection(): ConnectionStatus {
  return use(ConnectionContext);
}

/** Whether the machine believes to have a network. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine);
}

function subscribe(changed: () => void) {
  addEventListener('online', changed);
  addEventListener('offline', changed);
  return () => {
    removeEventListener('online', changed);
    removeEventListener('offline', changed);
  };
}
