import type { Lang } from './language';

/** British English: day before month and a 24-hour clock, as the Swedish readers have it too. */
const LOCALE: Record<Lang, string> = { en: 'en-GB', sv: 'sv-SE' };

export interface Formats {
  /** `24 November 2026`, or shorter with options. */
  formatDate: (at: Date | string | number, options?: Intl.DateTimeFormatOptions) => string;
  /** `21:05` in the reader's own time zone. */
  formatTime: (at: Date | string | number) => string;
  formatNumber: (n: number, options?: Intl.NumberFormatOptions) => string;
  /** An amount in the currency's minor unit (cents), as the API gives it. */
  formatMoney: (minor: number, currency: string) => string;
}

export function formatsOf(lang: Lang): Formats {
  const locale = LOCALE[lang];
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  return {
    formatDate: (at, options) =>
      (options ? new Intl.DateTimeFormat(locale, options) : day).format(new Date(at)),
    formatTime: (at) => time.format(new Date(at)),
    formatNumber: (n, options) => new Intl.NumberFormat(locale, options).format(n),
    formatMoney: (minor, currency) => {
      const style = { style: 'currency', currency: currency.toUpperCase() } as const;
      const digits =
        new Intl.NumberFormat(locale, style).resolvedOptions().maximumFractionDigits ?? 2;
      const amount = minor / 10 ** digits;
      const whole = Number.isInteger(amount) ? { maximumFractionDigits: 0 } : {};
      return new Intl.NumberFormat(locale, { ...style, ...whole }).format(amount);
    },
  };
}
