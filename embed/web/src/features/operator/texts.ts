import { useI18n } from '@/lib/i18n';
import type { Formats, Lang } from '@/lib/i18n';
import { operator as en } from '@/lib/i18n/en/operator';
import { operator as sv } from '@/lib/i18n/sv/operator';
import type { Of } from '@/lib/i18n/types';

export type OperatorTexts = Of<typeof en>;
export type OperatorKey = keyof OperatorTexts;

type Args<K extends OperatorKey> = OperatorTexts[K] extends (p: infer P) => string ? [p: P] : [];

/** Gives the operator's words at `key`, with the parameters that this text asks for. */
export type OperatorTranslate = <K extends OperatorKey>(key: K, ...args: Args<K>) => string;

/**
 * The texts of these pages are apart from those of the app, which every visitor fetches: they come
 * with the file of the pages, both languages in it, which is one request less than each by itself.
 */
export const operatorTexts: Record<Lang, OperatorTexts> = { en, sv };

export function operatorTranslator(texts: OperatorTexts): OperatorTranslate {
  return (key, ...args) => {
    const text: unknown = texts[key];
    return typeof text === 'function' ? (text as (p: unknown) => string)(args[0]) : String(text);
  };
}

/** Words and formats for these pages. */
export function useTexts(): Formats & { t: OperatorTranslate; lang: Lang } {
  const { lang, formatDate, formatTime, formatNumber, formatMoney } = useI18n();
  const t = operatorTranslator(operatorTexts[lang]);
  return { t, lang, formatDate, formatTime, formatNumber, formatMoney };
}
