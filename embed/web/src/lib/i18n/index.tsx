import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { formatsOf } from './format';
import type { Formats } from './format';
import { loadTexts, resolveLang, storeChoice } from './language';
import type { Lang, LangChoice } from './language';
import { translator } from './texts';
import type { Texts, Translate } from './texts';

export type { Formats } from './format';
export type { Lang, LangChoice } from './language';
export type { TextKey, Texts, Translate } from './texts';

interface I18n extends Formats {
  t: Translate;
  lang: Lang;
  choice: LangChoice;
  setLang: (choice: LangChoice) => void;
}

const Context = createContext<I18n | null>(null);

interface Props {
  initial: { lang: Lang; choice: LangChoice; texts: Texts };
  children: ReactNode;
}

/** Holds the language of the page; a new one is shown when its texts have arrived. */
export function I18nProvider({ initial, children }: Props) {
  const [choice, setChoice] = useState(initial.choice);
  const [shown, setShown] = useState({ lang: initial.lang, texts: initial.texts });

  useEffect(() => {
    document.documentElement.lang = shown.lang;
  }, [shown.lang]);

  const setLang = useCallback((next: LangChoice) => {
    setChoice(next);
    storeChoice(next);
    const lang = resolveLang(next);
    void loadTexts(lang).then((texts) => setShown({ lang, texts }));
  }, []);

  const value = useMemo<I18n>(
    () => ({
      t: translator(shown.texts),
      lang: shown.lang,
      choice,
      setLang,
      ...formatsOf(shown.lang),
    }),
    [shown, choice, setLang],
  );
  return <Context value={value}>{children}</Context>;
}

export function useI18n(): I18n {
  const value = use(Context);
  if (!value) throw new Error('useI18n: no I18nProvider above');
  return value;
}
