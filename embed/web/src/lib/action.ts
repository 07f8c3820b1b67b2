import { useEffect, useRef, useState } from 'react';

interface Action<Args extends unknown[]> {
  run: (...args: Args) => void;
  pending: boolean;
  /** What the last run threw; null while there is nothing to say. */
  error: Error | null;
}

/** Work that a press starts, one at a time; `onError` where the error is not shown in place. */
export function useAction<Args extends unknown[]>(
  work: (...args: Args) => Promise<void>,
  onError?: (error: Error) => void,
): Action<Args> {
  const [state, setState] = useState<Pick<Action<Args>, 'pending' | 'error'>>({
    pending: false,
    error: null,
  });
  const busy = useRef(false);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);

  const run = async (...args: Args) => {
    if (busy.current) return;
    busy.current = true;
    setState({ pending: true, error: null });
    let error: Error | null = null;
    try {
      await work(...args);
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
      onError?.(error);
    }
    busy.current = false;
    if (here.current) setState({ pending: false, error });
  };
  return { ...state, run: (...args) => void run(...args) };
}
