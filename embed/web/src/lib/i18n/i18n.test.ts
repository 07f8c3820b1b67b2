import { describe, expect, it } from 'vitest';
import { texts as en } from './en';
import { formatsOf } from './format';
import { resolveLang } from './language';
import { texts as sv } from './sv';
import { translator } from './texts';

describe('resolveLang', () => {
  it('takes the choice, else the first language of the browser that exists, else English', () => {
    expect(resolveLang('sv', ['en'])).toBe('sv');
    expect(resolveLang('browser', ['de-AT', 'sv-FI', 'en'])).toBe('sv');
    expect(resolveLang('browser', ['SV'])).toBe('sv');
    expect(resolveLang('browser', ['fr'])).toBe('en');
    expect(resolveLang('browser', [])).toBe('en');
  });
});

describe('translator', () => {
  it('gives words, with parameters where they ask for them', () => {
    expect(translator(en)('liveassist.imagesLeft', { left: 1, limit: 2 })).toBe(
      '1 of 2 images left today',
    );
    expect(translator(sv)('liveassist.imagesLeft', { left: 1, limit: 2 })).toBe(
      '1 av 2 bilder kvar i dag',
    );
    expect(translator(en)('liveassist.send')).toBe('Send');
  });

  it('has no empty text in any language', () => {
    for (const texts of [en, sv]) {
      for (const [feature, section] of Object.entries(texts)) {
        for (const [key, text] of Object.entries(section)) {
          expect(text, `${feature}.${key}`).toBeTruthy();
        }
      }
    }
  });
});

describe('formatMoney', () => {
  it('knows how many digits a currency has', () => {
    const { formatMoney } = formatsOf('en');
    expect(formatMoney(900, 'eur')).toBe('€9');
    expect(formatMoney(950, 'eur')).toBe('€9.50');
    expect(formatMoney(900, 'jpy')).toBe('JP¥900');
  });
});
