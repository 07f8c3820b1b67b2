import type { GuideSummary } from '@/api';

export type Category = GuideSummary['category'];

/** In the order in which homes have trouble. */
export const categories: readonly Category[] = [
  'plumbing',
  'appliances',
  'electrical',
  'heating',
  'doors-windows',
  'walls-floors',
  'outdoor',
  'devices',
];

export function isCategory(value: string | null): value is Category {
  return categories.some((c) => c === value);
}

/** Guides by category, in the order above; empty categories are left out. */
export function byCategory(guides: readonly GuideSummary[]): [Category, GuideSummary[]][] {
  return categories
    .map((c): [Category, GuideSummary[]] => [c, guides.filter((g) => g.category === c)])
    .filter(([, found]) => found.length > 0);
}

/** What a word of the search is worth, by where it was found. */
const WEIGHTS = { title: 8, tags: 6, symptoms: 3, summary: 2 };

/** How many of the words must be found: a sentence says more than a guide's words. */
const SHARE = 0.6;

/** Words that say nothing about what is broken, in both languages. */
const FILLER = new Set(
  (
    'a an and at does doesn t don has have i in is it its my of on or the to too was will with won ' +
    'att av det den en ett har i ar inte jag med min mitt och om pa som till vi'
  ).split(' '),
);

/** Lower case without accents, so that "kok" finds "kök". */
function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/**
 * The guides that fit what was typed, best first. The words may be a sentence ("my tap is
 * dripping"); word endings do not matter.
 */
export function search(guides: readonly GuideSummary[], query: string): GuideSummary[] {
  const typed = wordsOf(query);
  const telling = typed.filter((w) => !FILLER.has(w));
  const words = telling.length > 0 ? telling : typed;
  if (words.length === 0) return [...guides];
  return guides
    .map((guide) => ({ guide, score: score(guide, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ guide }) => guide);
}

/** 0 where too few of the words occur. */
function score(guide: GuideSummary, words: string[]): number {
  const fields: [string[], number][] = [
    [wordsOf(guide.title), WEIGHTS.title],
    [wordsOf(guide.tags.join(' ')), WEIGHTS.tags],
    [wordsOf(guide.symptoms.join(' ')), WEIGHTS.symptoms],
    [wordsOf(guide.summary), WEIGHTS.summary],
  ];
  const found = words.map((word) =>
    fields.reduce((sum, [has, weight]) => sum + (has.some((w) => alike(word, w)) ? weight : 0), 0),
  );
  if (found.filter((n) => n > 0).length < Math.ceil(words.length * SHARE)) return 0;
  return found.reduce((a, b) => a + b, 0);
}

/** Whether two words are forms of one: "drip" and "dripping", "leaky" and "leaks". */
function alike(typed: string, word: string): boolean {
  if (word.startsWith(typed)) return true;
  // Of a short word only the plural: "taps", but not "tapestry".
  if (typed.startsWith(word) && (word.length >= 4 || typed.length - word.length <= 1)) return true;
  let same = 0;
  while (same < typed.length && typed[same] === word[same]) same++;
  return same >= 4 && same >= 0.5 * Math.max(typed.length, word.length);
}

/** At most two guides of the same category, those first that share most tags. */
export function related(guides: readonly GuideSummary[], of: GuideSummary): GuideSummary[] {
  const shared = (g: GuideSummary) => g.tags.filter((tag) => of.tags.includes(tag)).length;
  return guides
    .filter((g) => g.category === of.category && g.slug !== of.slug)
    .sort((a, b) => shared(b) - shared(a))
    .slice(0, 2);
}
