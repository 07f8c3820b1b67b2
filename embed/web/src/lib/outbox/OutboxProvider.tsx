import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useAuth } from '@/lib/auth';
import { useServerEvent } from '@/lib/events';
import { useUpgrade } from '@/lib/upgrade';
import { useAllowanceRelease } from './allowance';
import type { Outbox } from './outbox';
import { NOTHING } from './view';
import type { Snapshot } from './view';

const Context = createContext<Outbox | null>(null);

/** Sends what the signed-in person wrote, wherever in the app the person is. */
export function OutboxProvider({ children }: { children: ReactNode }) {
  const outbox = useOwnOutbox();
  useServerEvent('message.created', ({ id }) => outbox?.confirm(id));
  useAllowanceRelease(outbox);
  return <Context value={outbox}>{children}</Context>;
}

/** The code for it is fetched when somebody is signed in; visitors do without. */
function useOwnOutbox(): Outbox | null {
  const client = useQueryClient();
  const { user, sessionEnded, setLiveassistSessionId: storeSessionId } = useAuth();
  const { open } = useUpgrade();
  const [outbox, setOutbox] = useState<Outbox | null>(null);
  const userId = user?.id ?? null;

  useEffect(() => {
    if (!userId) return;
    let own: Outbox | null = null;
    let left = false;
    const onLimit = () => open('image-limit');
    void import('./open').then(({ openOutbox }) => {
      if (left) return;
      own = openOutbox({ client, userId, storeSessionId, onLimit });
      setOutbox(own);
    });
    const wake = () => void own?.retryNow();
    addEventListener('online', wake);
    return () => {
      left = true;
      removeEventListener('online', wake);
      own?.close();
      setOutbox(null);
    };
  }, [client, userId, open, storeSessionId]);

  useEffect(() => outbox?.setActive(!sessionEnded), [outbox, sessionEnded]);
  return outbox;
}

/** The signed-in person's outbox; null while nobody is signed in. */
export function useOutbox(): Outbox | null {
  return use(Context);
}

const noSubscription = () => () => undefined;

/** What is in the outbox now. */
export function useOutboxSnapshot(): Snapshot {
  const outbox = useOutbox();
  return useSyncExternalStore(
    outbox?.subscribe ?? noSubscription,
    outbox?.snapshot ?? (() => NOTHING),
  );
}

/** How many messages of this person are not at the server yet, those in the tray included. */
export function useUnsentCount(): number {
  return useOutboxSnapshot().rows.length;
}
