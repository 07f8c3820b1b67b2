import { useQuery } from '@tanstack/react-query';
import { Check, FlaskConical } from 'lucide-react';
import { useState } from 'react';
import type { Plan, User } from '@/api';
import { useI18n } from '@/lib/i18n';
import type { UpgradeReason } from '@/lib/upgrade';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { BuyButton } from './BuyButton';
import styles from './Offer.module.css';
import { PhotoReady } from './PhotoReady';
import { PlanChoice } from './PlanChoice';
import { isUnavailable, Problem } from './Problem';
import { plansQuery } from './queries';
import { useCheckout } from './useCheckout';
import { useWaitingPhotos } from './useWaitingPhotos';

interface Props {
  user: User;
  reason: UpgradeReason;
  onClose: () => void;
}

/** What Premium gives and costs, and the way to it. Not wanting it is as easy as wanting it. */
export function Offer({ user, reason, onClose }: Props) {
  const { t } = useI18n();
  const plans = useQuery(plansQuery);
  const [plan, setPlan] = useState<Plan['plan']>('month');
  const { go, busy: starting, error } = useCheckout();
  const photos = useWaitingPhotos();
  const closedShop = isUnavailable(plans.error);
  const troubled = error !== null || plans.isError;
  const forPhoto = reason === 'image-limit';

  return (
    <Dialog
      open
      onClose={onClose}
      title={t('billing.upgrade')}
      heading={
        forPhoto ? t('billing.headingPhoto', { count: photos.length }) : t('billing.heading')
      }
      footer={
        <>
          <BuyButton
            price={plans.data?.find((p) => p.plan === plan)}
            busy={starting || plans.isPending}
            disabled={closedShop}
            onClick={() => go(plan)}
          />
          <Button onClick={onClose}>{t('billing.notNow')}</Button>
        </>
      }
    >
      <PhotoReady photos={photos} expected={forPhoto} />
      <PlanChoice plans={plans.data} loading={plans.isPending} value={plan} onChange={setPlan} />
      {troubled ? (
        <Problem plans={plans} checkout={error} kept={photos.length > 0} />
      ) : (
        <Benefits />
      )}
      {plans.data?.some((p) => p.sandbox) && (
        <p className={styles.sandbox}>
          <FlaskConical aria-hidden="true" />
          {t('billing.sandbox')}
        </p>
      )}
      <FreeAgain user={user} />
      <p role="status" className={styles.said}>
        {starting && t('billing.opening')}
      </p>
    </Dialog>
  );
}

function Benefits() {
  const { t } = useI18n();
  const points = [t('billing.benefitPhotos'), t('billing.benefitAll'), t('billing.benefitCancel')];
  return (
    <ul data-plain className={styles.benefits}>
      {points.map((point) => (
        <li key={point}>
          <Check aria-hidden="true" />
          {point}
        </li>
      ))}
    </ul>
  );
}

/** Who does not want to pay need not guess how long that takes. */
function FreeAgain({ user }: { user: User }) {
  const { t, formatTime } = useI18n();
  const { image_limit: limit, image_counter: used, image_reset_at: at } = user;
  if (limit === null || limit === 0 || used < limit) return null;
  return <p className={styles.small}>{t('billing.freeAt', { limit, time: formatTime(at) })}</p>;
}
