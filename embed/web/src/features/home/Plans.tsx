import { useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Plan } from '@/api';
import { useI18n } from '@/lib/i18n';
import styles from './Plans.module.css';
import { yearlySaving } from './model';
import { plansQuery } from './queries';

/** What is free and what Premium costs; prices come from the server or not at all. */
export function Plans() {
  const { t } = useI18n();
  return (
    <section aria-labelledby="plans" className={styles.section}>
      <div className={styles.intro}>
        <h2 id="plans">{t('home.plansTitle')}</h2>
        <p>{t('home.plansLead')}</p>
      </div>
      <div className={styles.plans}>
        <Offer
          title={t('ui.free')}
          price={<p className={styles.price}>{t('home.freePrice')}</p>}
          points={[t('home.free1'), t('home.free2'), t('home.free3'), t('home.free4')]}
        />
        <Offer
          title={t('ui.premium')}
          price={<PremiumPrice />}
          points={[t('home.premium1'), t('home.premium2'), t('home.premium3')]}
          accent
        />
      </div>
    </section>
  );
}

interface OfferProps {
  title: string;
  price: ReactNode;
  points: string[];
  accent?: boolean;
}

function Offer({ title, price, points, accent }: OfferProps) {
  return (
    <div className={styles.plan} data-accent={accent}>
      <h3>{title}</h3>
      <div className={styles.prices}>{price}</div>
      <ul data-plain>
        {points.map((point) => (
          <li key={point}>
            <Check aria-hidden="true" />
            {point}
          </li>
        ))}
      </ul>
    </div>
  );
}

function PremiumPrice() {
  const { t, formatMoney } = useI18n();
  const plans = useQuery(plansQuery);
  const money = (plan: Plan) => formatMoney(plan.amount, plan.currency);
  const month = plans.data?.find((p) => p.plan === 'month');
  const year = plans.data?.find((p) => p.plan === 'year');
  const saving = yearlySaving(plans.data ?? []);
  if (!month && !year) {
    // The room of a price is kept while it is on its way.
    if (plans.isPending) return <p className={styles.price}>{'\u00a0'}</p>;
    return <p className={styles.more}>{t('home.priceLater')}</p>;
  }
  return (
    <>
      {month && (
        <p className={styles.price}>
          {money(month)} <small>{t('home.perMonth')}</small>
        </p>
      )}
      {year && (
        <p className={month ? styles.more : styles.price}>
          {t(month ? 'home.orYear' : 'home.year', { price: money(year) })}
          {saving > 0 && ` ${t('home.saving', { n: saving })}`}
        </p>
      )}
    </>
  );
}
