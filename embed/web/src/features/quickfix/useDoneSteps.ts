import { useState } from 'react';
import { storage } from '@/lib/storage';

const key = (slug: string) => `liveassist.steps.${slug}`;

/** Which steps of a guide are ticked, by their place; kept on this device, in all languages. */
export function useDoneSteps(slug: string, count: number) {
  const [state, setState] = useState(() => ({ slug, done: read(slug) }));
  // Another guide on the same page component: its own ticks, at once.
  const all = state.slug === slug ? state.done : read(slug);
  const done = new Set([...all].filter((i) => i < count));

  const write = (next: Set<number>) => {
    storage.set(key(slug), [...next].sort((a, b) => a - b).join(','));
    setState({ slug, done: next });
  };
  return {
    done,
    toggle: (i: number) => {
      const next = new Set(done);
      if (!next.delete(i)) next.add(i);
      write(next);
    },
    reset: () => write(new Set()),
  };
}

function read(slug: string): Set<number> {
  const parts = (storage.get(key(slug)) ?? '').split(',');
  return new Set(parts.filter((p) => /^\d{1,2}$/.test(p)).map(Number));
}
