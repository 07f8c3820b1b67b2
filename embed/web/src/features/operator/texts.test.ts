import { expect, it } from 'vitest';
import { languages } from '@/lib/i18n/language';
import { ACTIONS, SHOWN, STATUSES, TABS } from './model';
import { operatorTexts, operatorTranslator } from './texts';

it('has no empty text, and the same texts in every language', () => {
  const names = Object.keys(operatorTexts.en).sort();
  for (const lang of languages) {
    expect(Object.keys(operatorTexts[lang]).sort()).toEqual(names);
    for (const [key, text] of Object.entries(operatorTexts[lang])) {
      expect(text, `${lang} ${key}`).toBeTruthy();
    }
  }
});

it('has words for everything that is named by a part of its key', () => {
  for (const lang of languages) {
    const t = operatorTranslator(operatorTexts[lang]);
    const words = [
      ...TABS.map((tab) => t(`tab_${tab}`)),
      ...SHOWN.map((show) => t(`none_${show}`)),
      ...STATUSES.map((status) => t(`status_${status}`)),
      ...ACTIONS.map((action) => t(`action_${action}`)),
    ];
    for (const word of words) expect(word).not.toMatch(/undefined|_/);
  }
});
