import { keep, kept } from '@/lib/kept';

export const languages = ['en', 'sv'] as const;
export type Lang = (typeof languages)[number];

/** What the person chose: a language, or to follow the browser's. */
export type LangChoice = 'browser' | Lang;

const KEY = 'liveassist.lang';

export function storedChoice(): LangChoice {
  const value = kept(KEY);
  return languages.find((l) => l === value) ?? 'browser';
}

export function storeChoice(choice: LangChoice) {
  keep(KEY, choice === 'browser' ? null : choice);
}

/** The language to show: the chosen one, else the browser's first that exists here, else English. */
export function resolveLang(
  choice: LangChoice,
  wanted: readonly string[] = navigator.languages,
): Lang {
  if (choice !== 'browser') return choice;
  for (const tag of wanted) {
    const found = languages.find((l) => l === tag.toLowerCase().split('-')[0]);
    if (found) return found;
  }
  return 'en';
}
