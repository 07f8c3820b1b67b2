import { useQuery } from '@tanstack/react-query';
import { Star } from 'lucide-react';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { xpQuery } from '@/lib/xp';
import { Badge } from '@/ui/Badge';
import { Card } from '@/ui/Card';
import { CountUp } from '@/ui/CountUp';
import { LoadFailed } from '@/ui/LoadFailed';
import { ProgressBar } from '@/ui/ProgressBar';
import { Skeleton } from '@/ui/Skeleton';
import styles from './TodayCard.module.css';

/** Level and the way to the next one. */
export function LevelCard() {
  const { t, formatNumber } = useI18n();
  const xp = useQuery(xpQuery);
  const data = xp.data;
  return (
    <Card
      title={t('home.experience')}
      action={
        data && (
          <Badge tone="xp" icon={<Star aria-hidden="true" />}>
            {t('ui.level', { n: data.level })}
          </Badge>
        )
      }
    >
      {data ? (
        <div className={styles.photos}>
          <p>
            <CountUp value={data.total} /> {t('ui.points')}
          </p>
          <ProgressBar
            tone="xp"
            value={data.total - data.level_start}
            max={data.next_level_at - data.level_start}
            label={t('ui.levelProgress')}
          />
          <p className={styles.next}>
            {t('ui.toNext', {
              n: formatNumber(data.next_level_at - data.total),
              level: data.level + 1,
            })}
          </p>
        </div>
      ) : xp.isError ? (
        <LoadFailed onRetry={() => void xp.refetch()}>{describe(xp.error, t)}</LoadFailed>
      ) : (
        <Skeleton lines={3} />
      )}
    </Card>
  );
}
