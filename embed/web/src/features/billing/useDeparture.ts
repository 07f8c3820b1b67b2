import { useEffect, useRef, useState } from 'react';

interface State {
  /** From the press until the other page is there. */
  busy: boolean;
  error: unknown;
}

const idle: State = { busy: false, error: null };

interface Departure<Arg> extends State {
  /** Presses while one is under way do nothing. */
  go: (arg: Arg) => void;
}

interface Options<Arg> {
  /** Gives the address to go to; null: nobody wants to go any more. */
  prepare: (arg: Arg) => Promise<string | null>;
  /** The page is shown again as it was left: the Back button. */
  onReturn: () => void;
}

/** Leads to Stripe's pages in the same tab. */
export function useDeparture<Arg>({ prepare, onReturn }: Options<Arg>): Departure<Arg> {
  const [state, setState] = useState(idle);
  // State comes with the next drawing, and a second press may come before.
  const underWay = useRef(false);

  const leave = async (arg: Arg) => {
    if (underWay.current) return;
    underWay.current = true;
    setState({ busy: true, error: null });
    try {
      const address = await prepare(arg);
      if (address !== null) location.assign(address);
    } catch (error) {
      underWay.current = false;
      setState({ busy: false, error });
    }
  };

  const latest = useRef(onReturn);
  useEffect(() => {
    latest.current = onReturn;
  });
  useEffect(() => {
    const back = (event: PageTransitionEvent) => {
      if (!event.persisted) return;
      underWay.current = false;
      setState(idle);
      latest.current();
    };
    addEventListener('pageshow', back);
    return () => removeEventListener('pageshow', back);
  }, []);

  return { ...state, go: (arg) => void leave(arg) };
}
