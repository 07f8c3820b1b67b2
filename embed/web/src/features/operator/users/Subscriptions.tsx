import { Badge } from '@/ui/Badge';
import type { Subscription } from '../model';
import { Facts } from '../parts/Facts';
import { When } from '../parts/When';
import { useTexts } from '../texts';
import styles from './Subscriptions.module.css';

/** What a person has and had of Premium, with Stripe's ids, the latest first. */
export function Subscriptions({ subscriptions }: { subscriptions: readonly Subscription[] }) {
  const { t } = useTexts();
  return (
    <ul data-plain role="list" className={styles.list}>
      {subscriptions.map((s) => (
        <li key={s.id}>
          <p className={styles.head}>
            <code>{s.id}</code>
            <Badge tone={s.ended_at || !s.granted ? 'neutral' : 'success'}>
              {s.ended_at ? t('sub_ended') : s.granted ? t('sub_granted') : t('sub_notGranted')}
            </Badge>
          </p>
          <Facts
            facts={[
              [t('by'), t(`by_${s.by}`)],
              [t('stripeStatus'), s.status],
              [t('ends'), s.ends_at && <When at={s.ends_at} />],
              [t('ended'), s.ended_at && <When at={s.ended_at} />],
              [t('endedBy'), s.ended_at && s.ended_by],
              [t('customer'), s.customer && <code>{s.customer}</code>],
            ]}
          />
          {s.grants.map((grant) => (
            <div key={grant.key} className={styles.grant}>
              <Facts
                facts={[
                  [t('paidAt'), <When key="p" at={grant.paid_at} />],
                  [t('paidUntil'), grant.period_end && <When at={grant.period_end} />],
                  [
                    t('ids'),
                    <code key="i">
                      {[grant.session, grant.invoice, grant.intent, grant.charge]
                        .filter(Boolean)
                        .join(' ')}
                    </code>,
                  ],
                  [t('refund'), grant.refund],
                  [t('dispute'), grant.dispute],
                ]}
              />
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
