import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { formatsOf } from './format';
import type { Formats } from './format';
import { resolveLang, storeChoice } from './language';
import type { Lang, LangChoice } from './language';
import { changeTo } from './load';
import { translator } from './texts';
import type { Translate } from './texts';

export type { Formats } from './format';
export type { Lang, LangChoice } from './language';
export { withTexts } from './load';
export type { TextKey, Texts, Translate } from './texts';

interface I18n extends Formats {
  t: Translate;
  lang: Lang;
  choice: LangChoice;
  setLang: (choice: LangChoice) => void;
}

const Context = createContext<I18n | null>(null);

interface Props {
  initial: { lang: Lang; choice: LangChoice };
  children: ReactNode;
}

/** Holds the language of the page; a new one is shown when its texts have arrived. */
export function I18nProvider({ initial, children }: Props) {
  const [choice, setChoice] = useState(initial.choice);
  const [lang, setShown] = useState(initial.lang);

  useEffect(() => {
    document.documentElement.lang = lang;
  }, [lang]);

  const setLang = useCallback((next: LangChoice) => {
    setChoice(next);
    storeChoice(next);
    const wanted = resolveLang(next);
    // Without a network the page stays in the language that it has; the choice is kept.
    void changeTo(wanted).then(
      (ready) => ready && setShown(wanted),
      () => undefined,
    );
  }, []);

  const value = useMemo<I18n>(
    () => ({ t: translator(lang), lang, choice, setLang, ...formatsOf(lang) }),
    [lang, choice, setLang],
  );
  return <Context value={value}>{children}</Context>;
}

export function useI18n(): I18n {
  const value = use(Context);
  if (!value) throw new Error('useI18n: no I18nProvider above');
  return value;
}
