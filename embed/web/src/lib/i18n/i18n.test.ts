import { beforeEach, describe, expect, it, vi } from 'vitest';
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
    expect(translator('en')('liveassist.imagesLeft', { left: 1, limit: 2 })).toBe(
      '1 of 2 images left today',
    );
    expect(translator('sv')('liveassist.imagesLeft', { left: 1, limit: 2 })).toBe(
      '1 av 2 bilder kvar i dag',
    );
    expect(translator('en')('liveassist.send')).toBe('Send');
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

describe('texts by feature', () => {
  beforeEach(() => vi.resetModules());

  it('waits for texts that are on their way, instead of showing none', async () => {
    const { translator: fresh } = await import('./texts');
    const t = fresh('sv');
    expect(t('ui.close')).toBe('Stäng');
    const thrown = caught(() => t('home.start'));
    expect(thrown).toBeInstanceOf(Promise);
    const { beginIn } = await import('./load');
    beginIn('sv');
    await caught(() => t('home.start'));
    expect(t('home.start')).toBe(sv.home.start);
  });

  it('fails where texts do not come, instead of asking without end; whoever fetches them asks anew', async () => {
    vi.doMock('./en/home', () => {
      throw new Error('offline');
    });
    const { translator: fresh } = await import('./texts');
    const t = fresh('en');
    await expect(caught(() => t('home.start'))).rejects.toThrow();
    expect(caught(() => t('home.start'))).toBeInstanceOf(Error);
    vi.doUnmock('./en/home');
    const { needTexts } = await import('./load');
    await needTexts('home');
    expect(t('home.start')).toBe(en.home.start);
  });

  it('shows a new language when it has all that the page uses, asked for meanwhile or before', async () => {
    const { changeTo, needTexts, textsOf } = await import('./load');
    await needTexts('home');
    const changed = changeTo('sv');
    void needTexts('quickfix');
    expect(await changed).toBe(true);
    expect(textsOf('sv', 'home')?.start).toBe(sv.home.start);
    expect(textsOf('sv', 'quickfix')?.title).toBe(sv.quickfix.title);
    expect(textsOf('sv', 'account')).toBeUndefined();
    void needTexts('account');
    expect(await changeTo('sv')).toBe(true);
    expect(textsOf('sv', 'account')?.title).toBe(sv.account.title);
  });

  it('lets the last of two quick choices win', async () => {
    const { changeTo, needTexts } = await import('./load');
    await needTexts('home');
    const [swedish, english] = await Promise.all([changeTo('sv'), changeTo('en')]);
    expect([swedish, english]).toEqual([false, true]);
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return null;
}
