import { use } from 'react';
import { useI18n } from '.';
import type { Lang } from './language';
import type { Of, Section } from './types';

/**
 * Texts of a part of a feature that few people open, in files of their own: the first load of the
 * app does not carry them. The hook suspends until they are there.
 */
export function ownTexts<S extends Section>(load: Record<Lang, () => Promise<Of<S>>>) {
  const loaded = new Map<Lang, Promise<Of<S>>>();
  return function useTexts(): Of<S> {
    const { lang } = useI18n();
    let texts = loaded.get(lang);
    if (!texts) {
      texts = load[lang]();
      loaded.set(lang, texts);
      // The next look tries again.
      texts.catch(() => loaded.delete(lang));
    }
    return use(texts);
  };
}
