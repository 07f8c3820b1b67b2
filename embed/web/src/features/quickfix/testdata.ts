import type { Guide } from '@/api';

/** A guide for tests. */
export function aGuide(part: Partial<Guide> = {}): Guide {
  return {
    slug: 'dripping-tap',
    lang: 'en',
    title: 'Dripping tap',
    summary: 'Mend it yourself.',
    category: 'plumbing',
    minutes: 45,
    difficulty: 'easy',
    tags: ['tap'],
    symptoms: [],
    tools: ['spanner', 'cloth'],
    safety: 'Shut off the **water** first.',
    steps: [
      { title: 'Find the kind of tap', text: 'Look at it.' },
      { title: 'Shut off the water', text: 'Turn the valves.' },
      { title: 'Refit and test', text: 'Watch for ten minutes.' },
    ],
    next: '- Look for grit.',
    professional: 'Call a plumber if the valves will not close.',
    ...part,
  };
}
