import { useQuery } from '@tanstack/react-query';
import { Star } from 'lucide-react';
import type { XP } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { xpQuery } from '@/lib/xp';
import { Badge } from '@/ui/Badge';
import { Card } from '@/ui/Card';
import { CountUp } from '@/ui/CountUp';
import { LoadFailed } from '@/ui/LoadFailed';
import { ProgressBar } from '@/ui/ProgressBar';
import { Skeleton } from '@/ui/Skeleton';
import styles from './XpCard.module.css';

/** Experience points: level, the way to the next one, and where they came from. */
export function XpCard() {
  const { t } = useI18n();
  const xp = useQuery(xpQuery);
  return (
    <Card
      title={t('account.xp')}
      action={
        xp.data && (
          <Badge tone="xp" icon={<Star aria-hidden="true" />}>
            {t('ui.level', { n: xp.data.level })}
          </Badge>
        )
      }
    >
      {xp.data ? (
        <>
          <Progress xp={xp.data} />
          <History events={xp.data.events} />
        </>
      ) : xp.isError ? (
        <LoadFailed onRetry={() => void xp.refetch()}>{describe(xp.error, t)}</LoadFailed>
      ) : (
        <Skeleton lines={4} />
      )}
    </Card>
  );
}

function Progress({ xp }: { xp: XP }) {
  const { t, formatNumber } = useI18n();
  return (
    <div className={styles.progress}>
      <p className={styles.total}>
        <strong>
          <CountUp value={xp.total} />
        </strong>{' '}
        {t('ui.points')}
      </p>
      <ProgressBar
        tone="xp"
        value={xp.total - xp.level_start}
        max={xp.next_level_at - xp.level_start}
        label={t('ui.levelProgress')}
      />
      <p className={styles.next}>
        {t('ui.toNext', { n: formatNumber(xp.next_level_at - xp.total), level: xp.level + 1 })}
      </p>
    </div>
  );
}

function History({ events }: { events: XP['events'] }) {
  const { t, formatDate } = useI18n();
  if (events.length === 0) {
    return (
      <div className={styles.empty}>
        <h3>{t('account.howToEarn')}</h3>
        <p>{t('account.howToEarnText')}</p>
      </div>
    );
  }
  return (
    <div className={styles.history}>
      <h3>{t('account.history')}</h3>
      <ul data-plain>
        {events.map((event) => (
          <li key={`${event.ts}-${event.reason}`}>
            <span>
              {event.reason === 'first_premium' ? t('account.firstPremium') : t('account.bonus')}
              <time dateTime={event.ts}>{formatDate(event.ts)}</time>
            </span>
            <strong>{t('account.earned', { n: event.amount })}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}
