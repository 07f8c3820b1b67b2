import { Sparkles } from 'lucide-react';
import type { User } from '@/api';
import { imagesLeft } from '@/lib/allowance';
import { useI18n } from '@/lib/i18n';
import { usePayment } from '@/lib/payment';
import { useUpgrade } from '@/lib/upgrade';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { ProgressBar } from '@/ui/ProgressBar';
import styles from './TodayCard.module.css';

/** The plan, and what it leaves for today. */
export function TodayCard({ user }: { user: User }) {
  const { t, formatTime } = useI18n();
  const { open } = useUpgrade();
  const left = imagesLeft(user);
  const { pending } = usePayment();
  const paid = user.subscription_status === 'paid';
  if (pending && !paid) return <ConfirmingCard />;
  return (
    <Card
      title={t('home.today')}
      action={
        <Badge tone={paid ? 'accent' : 'neutral'} data-testid="subscription-status">
          {paid ? t('ui.premium') : t('ui.free')}
        </Badge>
      }
    >
      {left === null || user.image_limit === null ? (
        <p>{t('ui.photosUnlimited')}</p>
      ) : (
        <div className={styles.photos}>
          <p>{t('home.photosLeft', { left, limit: user.image_limit })}</p>
          <ProgressBar
            value={left}
            max={Math.max(1, user.image_limit)}
            label={t('ui.photosToday')}
          />
          <div className={styles.foot}>
            <p>{t('home.photosReset', { time: formatTime(user.image_reset_at) })}</p>
            {!paid && (
              <Button
                variant="ghost"
                size="small"
                icon={<Sparkles aria-hidden="true" />}
                onClick={() => open('home')}
              >
                {t('ui.upgrade')}
              </Button>
            )}
          </div>
        </div>
      )}
    </Card>
  );
}

/** Paid, but not booked yet: the plan is not called Free, and nothing is sold twice. */
function ConfirmingCard() {
  const { t } = useI18n();
  return (
    <Card title={t('home.today')}>
      <p>{t('home.confirming')}</p>
    </Card>
  );
}
