import { CircleCheck } from 'lucide-react';
import { useId } from 'react';
import type { Plan } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Skeleton } from '@/ui/Skeleton';
import { yearlySaving } from './model';
import styles from './PlanChoice.module.css';
import { usePrice } from './usePrice';

interface Props {
  /** Undefined while they are not known; no price is ever guessed. */
  plans: readonly Plan[] | undefined;
  loading: boolean;
  value: Plan['plan'];
  onChange: (plan: Plan['plan']) => void;
}

/** Monthly or yearly, side by side. */
export function PlanChoice({ plans, loading, value, onChange }: Props) {
  const { t } = useI18n();
  // What the server does not sell cannot be chosen; as long as it is not known, both can.
  const offered = (plan: Plan['plan']) => !plans || plans.some((p) => p.plan === plan);
  return (
    <div role="group" aria-label={t('billing.plan')} className={styles.plans}>
      {(['month', 'year'] as const).filter(offered).map((plan) => (
        <Choice
          key={plan}
          plan={plan}
          plans={plans}
          loading={loading}
          chosen={plan === value}
          onChoose={() => onChange(plan)}
        />
      ))}
    </div>
  );
}

interface ChoiceProps {
  plan: Plan['plan'];
  plans: readonly Plan[] | undefined;
  loading: boolean;
  chosen: boolean;
  onChoose: () => void;
}

function Choice({ plan, plans, loading, chosen, onChoose }: ChoiceProps) {
  const { t, formatMoney } = useI18n();
  const id = useId();
  const words = usePrice();
  const price = plans?.find((p) => p.plan === plan);
  const saving = plan === 'year' ? yearlySaving(plans ?? []) : null;
  return (
    <button
      type="button"
      className={styles.plan}
      aria-pressed={chosen}
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-facts`}
      onClick={onChoose}
    >
      <span className={styles.name}>
        <span id={`${id}-name`}>{t(plan === 'year' ? 'billing.yearly' : 'billing.monthly')}</span>
        <CircleCheck aria-hidden="true" />
      </span>
      <span id={`${id}-facts`} className={styles.facts}>
        {price && <strong>{words(price)}</strong>}
        {loading && <Skeleton lines={1} label={t('billing.loadingPrices')} />}
        {saving && (
          <span className={styles.saving}>
            {t('billing.saves', {
              amount: formatMoney(saving.amount, saving.currency),
              percent: saving.percent,
            })}
          </span>
        )}
      </span>
    </button>
  );
}
