import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { announceUnauthenticated } from '@/api';
import { useAuth } from '@/lib/auth';
import { ConnectionContext } from '@/lib/connection';
import type { ConnectionStatus } from '@/lib/connection';
import { EventBus } from './bus';
import type { ServerEventName, ServerEvents } from './types';

const BusContext = createContext<EventBus | null>(null);

/**
 * Keeps the signed-in person's event stream open and lets its events change the cache. The code
 * for it is fetched when somebody is signed in; visitors do without.
 */
export function EventsProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { user, sessionEnded } = useAuth();
  const [bus] = useState(() => new EventBus());
  const [status, setStatus] = useState<ConnectionStatus>('idle');
  const userId = sessionEnded ? null : (user?.id ?? null);

  useEffect(() => {
    if (!userId) return;
    let close: (() => void) | undefined;
    let left = false;
    setStatus('connecting');
    void import('./delivery').then(({ openStream, delivery }) => {
      if (left) return;
      close = openStream({
        userId,
        onEvent: delivery(client, bus),
        onState: (state) => {
          if (state === 'refused') announceUnauthenticated();
          setStatus(state === 'refused' ? 'idle' : state);
        },
      });
    });
    return () => {
      left = true;
      close?.();
      setStatus('idle');
    };
  }, [client, bus, userId]);

  return (
    <BusContext value={bus}>
      <ConnectionContext value={status}>{children}</ConnectionContext>
    </BusContext>
  );
}

/** Calls `handler` for each live event of that name, in every tab, after the cache has it. */
export function useServerEvent<E extends ServerEventName>(
  name: E,
  handler: (data: ServerEvents[E]) => void,
) {
  const bus = use(BusContext);
  if (!bus) throw new Error('useServerEvent: no EventsProvider above');
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => bus.on(name, (data) => latest.current(data)), [bus, name]);
}
