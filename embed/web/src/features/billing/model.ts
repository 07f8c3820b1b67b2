import type { Plan } from '@/api';

export interface Saving {
  /** A year, in the currency's minor unit. */
  amount: number;
  currency: string;
  percent: number;
}

/** What a year costs less than twelve months; null where it is no less or cannot be compared. */
export function yearlySaving(plans: readonly Plan[]): Saving | null {
  const month = plans.find((p) => p.plan === 'month');
  const year = plans.find((p) => p.plan === 'year');
  if (!month || month.currency !== year?.currency) return null;
  const twelve = 12 * month.amount;
  const amount = twelve - year.amount;
  if (amount <= 0) return null;
  return { amount, currency: year.currency, percent: Math.round((amount / twelve) * 100) };
}
