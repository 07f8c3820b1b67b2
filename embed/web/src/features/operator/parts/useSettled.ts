import { useEffect, useState } from 'react';

/** Milliseconds after the last key before what was typed is looked for. */
const PAUSE = 250;

/** The value once it has stopped changing. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
