import type { Lang } from './language';
import type { Texts } from './texts';

/** Texts that come with the app itself, in both languages: what stands around every page. */
export type CommonSection = 'app' | 'errors' | 'ui';

/** Texts that come with the part of the app that shows them. */
export type Section = Exclude<keyof Texts, CommonSection>;

type Files = { [S in Section]: () => Promise<Pick<Texts, S>> };

/**
 * Each feature's texts in each language are a file of their own, and so are those of parts that few
 * people open; a forgotten one does not compile.
 */
const files: Record<Lang, Files> = {
  en: {
    account: () => import('./en/account'),
    auth: () => import('./en/auth'),
    billing: () => import('./en/billing'),
    home: () => import('./en/home'),
    liveassist: () => import('./en/liveassist'),
    mailLinks: () => import('./en/mailLinks'),
    quickfix: () => import('./en/quickfix'),
    security: () => import('./en/security'),
  },
  sv: {
    account: () => import('./sv/account'),
    auth: () => import('./sv/auth'),
    billing: () => import('./sv/billing'),
    home: () => import('./sv/home'),
    liveassist: () => import('./sv/liveassist'),
    mailLinks: () => import('./sv/mailLinks'),
    quickfix: () => import('./sv/quickfix'),
    security: () => import('./sv/security'),
  },
};

/** What has arrived, and what is on its way. One for the page, as the language itself is. */
const known: Record<Lang, Partial<Texts>> = { en: {}, sv: {} };
const coming = new Map<string, Promise<void>>();

/** Why texts did not come, until somebody fetches them anew. */
const failed = new Map<string, unknown>();

/** What was asked for so far: a new language is shown when it has all of it. */
const wanted = new Set<Section>();

/** The language on the page, and the one that it is about to have. */
let shown: Lang = 'en';
let next: Lang = 'en';

/** Says, at the start, which language the page has. */
export function beginIn(lang: Lang) {
  shown = next = lang;
}

/** The texts of a section in `lang`, if they have arrived. */
export function textsOf<S extends Section>(lang: Lang, section: S): Texts[S] | undefined {
  return known[lang][section];
}

/** Fetches a section's texts in the language of the page. */
export function needTexts(section: Section): Promise<void> {
  wanted.add(section);
  return fetchTexts(shown, section);
}

/**
 * What whoever draws without a section's texts has to throw (Suspense): the promise of them or,
 * where they did not come, the error. Another promise would have it drawn and fetched without end.
 */
export function missingTexts(section: Section): unknown {
  return failed.get(nameOf(shown, section)) ?? needTexts(section);
}

/** Fetches a part of the app and its texts side by side: it is drawn when both are there. */
export function withTexts<M>(section: Section, load: () => Promise<M>): () => Promise<M> {
  return async () => {
    const [part] = await Promise.all([load(), needTexts(section)]);
    return part;
  };
}

/**
 * Fetches in `lang` all that the page has used, what is asked for meanwhile included. Gives whether
 * the language may be shown now; not if another one was chosen since.
 */
export async function changeTo(lang: Lang): Promise<boolean> {
  next = lang;
  const missing = () => [...wanted].filter((section) => !known[lang][section]);
  while (missing().length > 0) {
    await Promise.all(missing().map((section) => fetchTexts(lang, section)));
  }
  if (next !== lang) return false;
  shown = lang;
  return true;
}

function fetchTexts(lang: Lang, section: Section): Promise<void> {
  const name = nameOf(lang, section);
  const before = coming.get(name);
  if (before) return before;
  failed.delete(name);
  const now = files[lang][section]().then(
    (texts) => void Object.assign(known[lang], { [section]: (texts as Partial<Texts>)[section] }),
  );
  coming.set(name, now);
  now.catch((error: unknown) => {
    coming.delete(name);
    failed.set(name, error);
  });
  return now;
}

const nameOf = (lang: Lang, section: Section) => `${lang}/${section}`;
