import { useQueryClient } from '@tanstack/react-query';
import { CreditCard } from 'lucide-react';
import { api, call } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { keys } from '@/lib/queries';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import styles from './PortalButton.module.css';
import { useDeparture } from './useDeparture';

interface Props {
  /** What the person goes to Stripe's pages for. */
  purpose: 'manage' | 'updateCard';
}

/** Leads to the pages where the subscription, the card and the receipts are. */
export default function PortalButton({ purpose }: Props) {
  const { t } = useI18n();
  const client = useQueryClient();
  const portal = useDeparture({
    prepare: async () => (await call(api.POST('/api/billing/portal'))).url,
    onReturn: () => void client.invalidateQueries({ queryKey: keys.me }),
  });
  const small = purpose === 'updateCard';
  return (
    <div className={styles.portal}>
      <Button
        size={small ? 'small' : 'normal'}
        variant={small ? 'primary' : 'secondary'}
        icon={<CreditCard aria-hidden="true" />}
        busy={portal.busy}
        onClick={() => portal.go(undefined)}
      >
        {t(`billing.${purpose}`)}
      </Button>
      {portal.error !== null && (
        <Banner tone="danger" live="alert">
          {describe(portal.error, t)}
        </Banner>
      )}
    </div>
  );
}
