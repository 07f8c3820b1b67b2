import { useEffect, useState } from 'react';

/** Seconds left of a wait, counting down to 0; `start` begins a new one. */
export function useCountdown(): [left: number, start: (seconds: number) => void] {
  const [end, setEnd] = useState(0);
  const [left, setLeft] = useState(0);

  useEffect(() => {
    if (end === 0) return;
    // From the clock, not by counting ticks: a tab in the background gets few of them.
    const timer = setInterval(() => {
      const next = secondsUntil(end);
      setLeft(next);
      if (next === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [end]);

  const start = (seconds: number) => {
    const until = Date.now() + seconds * 1000;
    setEnd(until);
    setLeft(secondsUntil(until));
  };
  return [left, start];
}

const secondsUntil = (end: number) => Math.max(0, Math.ceil((end - Date.now()) / 1000));
