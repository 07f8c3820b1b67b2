import { useEffect, useRef, useState } from 'react';
import { useI18n } from '@/lib/i18n';

/** Milliseconds of the app's one flourish. */
const DURATION = 700;

/** A number that runs up when it grows while it is on the screen; at once with reduced motion. */
export function CountUp({ value }: { value: number }) {
  const { formatNumber } = useI18n();
  const [shown, setShown] = useState(value);
  const from = useRef(value);

  useEffect(() => {
    const start = from.current;
    from.current = value;
    let frame = 0;
    const still = value <= start || matchMedia('(prefers-reduced-motion: reduce)').matches;
    const begun = performance.now();
    const step = (now: number) => {
      const part = still ? 1 : Math.min(1, (now - begun) / DURATION);
      setShown(Math.round(start + (value - start) * (1 - (1 - part) ** 3)));
      if (part < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [value]);

  return <>{formatNumber(shown)}</>;
}
