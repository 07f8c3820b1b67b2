import { describe, expect, it } from 'vitest';
import type { Plan } from '@/api';
import { yearlySaving } from './model';

const plan = (of: Plan['plan'], amount: number, currency = 'eur'): Plan => ({
  plan: of,
  amount,
  currency,
  interval: of,
});

describe('yearlySaving', () => {
  it.each<[string, Plan[], ReturnType<typeof yearlySaving>]>([
    [
      'two months',
      [plan('month', 900), plan('year', 9000)],
      { amount: 1800, currency: 'eur', percent: 17 },
    ],
    ['nothing', [plan('month', 900), plan('year', 10800)], null],
    ['less than nothing', [plan('month', 900), plan('year', 12000)], null],
    ['other currencies', [plan('month', 900), plan('year', 9000, 'sek')], null],
    ['one plan alone', [plan('year', 9000)], null],
    ['no month', [plan('month', 900)], null],
    ['a month for nothing', [plan('month', 0), plan('year', 0)], null],
  ])('%s', (_, plans, want) => {
    expect(yearlySaving(plans)).toEqual(want);
  });
});
