import type { texts as en } from './en';
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

export function translator(texts: Texts): Translate {
  return (key, ...args) => {
    const [feature, name] = key.split('.') as [keyof Texts, string];
    const text = (texts[feature] as Record<string, unknown>)[name];
    return typeof text === 'function' ? (text as (p: unknown) => string)(args[0]) : String(text);
  };
}
