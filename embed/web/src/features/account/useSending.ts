import { useRef, useState } from 'react';

/** One request at a time, with what became of the last one. */
export function useSending() {
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  // The state is known with the next drawing only; two presses can come before it.
  const sending = useRef(false);
  const send = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (sending.current) return false;
    sending.current = true;
    setState({ busy: true });
    try {
      await work();
      setState({ busy: false });
      return true;
    } catch (error) {
      setState({ busy: false, error });
      return false;
    } finally {
      sending.current = false;
    }
  };
  return { ...state, send };
}
