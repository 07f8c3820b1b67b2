import { createContext, use, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';

/** Why Premium is offered: at the photo limit a photo waits for it. */
export type UpgradeReason = 'image-limit' | 'account' | 'home';

/** Each may answer with a promise, which is waited for. */
interface Listeners {
  /** Before the browser leaves for the payment page; it waits until all are done. */
  leaving: () => unknown;
  /** The person came back without having paid. */
  cancelled: () => unknown;
}

export interface Upgrade {
  /** The offer on the screen; null while there is none. */
  request: { reason: UpgradeReason } | null;
  open: (reason: UpgradeReason) => void;
  /** `Not now`, Escape, or paid meanwhile. What waits for the payment stays where it is. */
  close: () => void;
  /** To be awaited by the dialog before it sends the browser to the payment page. */
  leaving: () => Promise<void>;
  /** To be called by the page that a cancelled payment returns to. */
  cancelled: () => Promise<void>;
  /** Registers for what happens around the payment; gives the way to withdraw. */
  listen: (listeners: Partial<Listeners>) => () => void;
}

const Context = createContext<Upgrade | null>(null);

/**
 * The meeting place of those who offer Premium (the photo limit, Account) and the dialog that sells
 * it: neither knows the other.
 */
export function UpgradeProvider({ children }: { children: ReactNode }) {
  const [request, setRequest] = useState<Upgrade['request']>(null);
  const listeners = useRef(new Set<Partial<Listeners>>());

  const actions = useMemo(() => {
    const tell = async (what: keyof Listeners) => {
      // All are told at once, before any of them has changed anything.
      const told = [...listeners.current].map((listener) => Promise.resolve(listener[what]?.()));
      await Promise.all(told);
    };
    return {
      open: (reason: UpgradeReason) => setRequest({ reason }),
      close: () => setRequest(null),
      leaving: () => tell('leaving'),
      cancelled: () => tell('cancelled'),
      listen: (listener: Partial<Listeners>) => {
        listeners.current.add(listener);
        return () => void listeners.current.delete(listener);
      },
    };
  }, []);

  const value = useMemo(() => ({ request, ...actions }), [request, actions]);
  return <Context value={value}>{children}</Context>;
}

export function useUpgrade(): Upgrade {
  const upgrade = use(Context);
  if (!upgrade) throw new Error('useUpgrade: no UpgradeProvider above');
  return upgrade;
}

/** Listens for what happens around the payment for as long as the component is there. */
export function useUpgradeListener(listeners: Partial<Listeners>) {
  const { listen } = useUpgrade();
  const latest = useRef(listeners);
  useEffect(() => {
    latest.current = listeners;
  });
  useEffect(
    () =>
      listen({
        leaving: () => latest.current.leaving?.(),
        cancelled: () => latest.current.cancelled?.(),
      }),
    [listen],
  );
}
