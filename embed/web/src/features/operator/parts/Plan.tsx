import { useI18n } from '@/lib/i18n';
import { Badge } from '@/ui/Badge';
import type { Person } from '../model';

/** A person's plan, in the words that the person reads. */
export function Plan({ person }: { person: Pick<Person, 'subscription_status'> }) {
  const { t } = useI18n();
  const paid = person.subscription_status === 'paid';
  return <Badge tone={paid ? 'accent' : 'neutral'}>{paid ? t('ui.premium') : t('ui.free')}</Badge>;
}
