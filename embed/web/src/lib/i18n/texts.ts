import { common } from './common';
import type { texts as en } from './en';
import type { Lang } from './language';
import { missingTexts, textsOf } from './load';
import type { CommonSection, Section } from './load';
import type { Of } from './types';

type English = typeof en;

/** All texts of the app, in the shape that English gives. */
export type Texts = { [F in keyof English]: Of<English[F]> };

/** A text's address: `feature.key`. */
export type TextKey = {
  [F in keyof Texts]: `${F}.${Extract<keyof Texts[F], string>}`;
}[keyof Texts];

type At<K extends TextKey> = K extends `${infer F}.${infer T}`
  ? F extends keyof Texts
    ? T extends keyof Texts[F]
      ? Texts[F][T]
      : never
    : never
  : never;

type Args<K extends TextKey> = At<K> extends (p: infer P) => string ? [p: P] : [];

/** Gives the words at `key`, with the parameters that this text asks for. */
export type Translate = <K extends TextKey>(key: K, ...args: Args<K>) => string;

/**
 * The words of one language. Where those of a section are still on their way, what is drawn waits
 * for them (Suspense), so that a missing text is never seen.
 */
export function translator(lang: Lang): Translate {
  return (key, ...args) => {
    const [section, name] = key.split('.') as [keyof Texts, string];
    const texts = isCommon(section) ? common[lang][section] : textsOf(lang, section);
    // React waits for a promise that is thrown while it draws, and shows an error as one.
    if (!texts) throw missingTexts(section as Section);
    const text = (texts as Record<string, unknown>)[name];
    return typeof text === 'function' ? (text as (p: unknown) => string)(args[0]) : String(text);
  };
}

function isCommon(section: keyof Texts): section is CommonSection {
  return section in common.en;
}
