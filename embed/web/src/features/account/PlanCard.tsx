import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { User } from '@/api';
import { imagesLeft } from '@/lib/allowance';
import { useI18n } from '@/lib/i18n';
import { usePayment } from '@/lib/payment';
import { useUpgrade } from '@/lib/upgrade';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { ProgressBar } from '@/ui/ProgressBar';
import { standingOf } from './model';
import styles from './PlanCard.module.css';

interface Props {
  user: User;
  upgrade?: ReactNode;
  manage?: ReactNode;
}

/** The plan, until when, and what it gives today. */
export function PlanCard({ user, upgrade, manage }: Props) {
  const { t } = useI18n();
  const { pending } = usePayment();
  const paid = user.subscription_status === 'paid';
  if (pending && !paid) return <ConfirmingCard />;
  return (
    <Card
      title={t('account.plan')}
      action={
        <Badge tone={paid ? 'accent' : 'neutral'} data-testid="subscription-status">
          {paid ? t('ui.premium') : t('ui.free')}
        </Badge>
      }
    >
      <StandingLine user={user} />
      <hr />
      <Photos user={user} />
      {paid ? manage : (upgrade ?? <UpgradeButton />)}
    </Card>
  );
}

/** Paid, but not booked yet: the plan is not called Free, and nothing is sold twice. */
function ConfirmingCard() {
  const { t } = useI18n();
  return (
    <Card title={t('account.plan')}>
      <p>{t('account.confirming')}</p>
    </Card>
  );
}

function StandingLine({ user }: { user: User }) {
  const { t, formatDate } = useI18n();
  const [now] = useState(Date.now);
  const standing = standingOf(user, now);
  const billed = user.subscription_plan && t(`account.${user.subscription_plan}`);
  switch (standing.kind) {
    case 'never':
      return <p className={styles.muted}>{t('account.freeText')}</p>;
    case 'ended':
      return (
        <p className={styles.muted}>{t('account.endedOn', { date: formatDate(standing.on) })}</p>
      );
    case 'open':
      return <p>{t('account.openText')}</p>;
    case 'renewing':
      return <p>{t('account.renewing')}</p>;
    case 'renews':
      return (
        <p>
          {billed} {t('account.renewsOn', { date: formatDate(standing.on) })}
        </p>
      );
    case 'ends':
      return (
        <p>
          {t('account.endsOn', { date: formatDate(standing.on) })} {t('account.endsText')}
        </p>
      );
  }
}

function Photos({ user }: { user: User }) {
  const { t, formatTime } = useI18n();
  const left = imagesLeft(user);
  if (left === null || user.image_limit === null) {
    return <p>{t('ui.photosUnlimited')}</p>;
  }
  return (
    <div className={styles.photos}>
      <p className={styles.count}>
        <span>{t('ui.photosToday')}</span>
        <strong>{t('account.photosLeft', { left, limit: user.image_limit })}</strong>
      </p>
      <ProgressBar value={left} max={Math.max(1, user.image_limit)} label={t('ui.photosToday')} />
      <p className={styles.muted}>
        {t('account.photosReset', { time: formatTime(user.image_reset_at) })}
      </p>
    </div>
  );
}

function UpgradeButton() {
  const { t } = useI18n();
  const { open } = useUpgrade();
  return (
    <Button
      variant="primary"
      icon={<Sparkles aria-hidden="true" />}
      onClick={() => open('account')}
    >
      {t('ui.upgrade')}
    </Button>
  );
}
