import { useId } from 'react';
import type { Plan } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import styles from './Offer.module.css';
import { usePrice } from './usePrice';

interface Props {
  /** The chosen plan with its price; undefined while it is not known. */
  price: Plan | undefined;
  busy: boolean;
  disabled: boolean;
  onClick: () => void;
}

/** The button that leads to the payment page, with what it will cost there. */
export function BuyButton({ price, busy, disabled, onClick }: Props) {
  const { t } = useI18n();
  const words = usePrice();
  const id = useId();
  return (
    <Button
      variant="primary"
      className={styles.buy}
      busy={busy}
      disabled={disabled}
      aria-labelledby={`${id}-name`}
      aria-describedby={price && `${id}-price`}
      onClick={onClick}
    >
      <span id={`${id}-name`}>{t('billing.upgradeNow')}</span>
      {price && (
        <span id={`${id}-price`} className={styles.buyPrice}>
          {words(price)}
        </span>
      )}
    </Button>
  );
}
