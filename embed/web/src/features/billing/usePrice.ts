import type { Plan } from '@/api';
import { useI18n } from '@/lib/i18n';

/** A plan's price in words: `€9 a month`. */
export function usePrice(): (plan: Plan) => string {
  const { t, formatMoney } = useI18n();
  return ({ amount, currency, interval }) => {
    const price = formatMoney(amount, currency);
    return interval === 'year' ? t('billing.aYear', { price }) : t('billing.aMonth', { price });
  };
}
