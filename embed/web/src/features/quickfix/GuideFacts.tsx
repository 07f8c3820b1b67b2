import { Clock, Gauge } from 'lucide-react';
import type { GuideSummary } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Badge } from '@/ui/Badge';
import { CategoryIcon } from './CategoryIcon';
import styles from './GuideFacts.module.css';

/** How long, how hard, what kind. */
export function GuideFacts({ guide }: { guide: GuideSummary }) {
  const { t } = useI18n();
  return (
    <p className={styles.facts}>
      <Badge icon={<Clock aria-hidden="true" />}>
        {t('quickfix.minutes', { n: guide.minutes })}
      </Badge>
      <Badge icon={<Gauge aria-hidden="true" />}>{t(`quickfix.${guide.difficulty}`)}</Badge>
      <Badge icon={<CategoryIcon category={guide.category} />}>
        {t(`quickfix.${guide.category}`)}
      </Badge>
    </p>
  );
}
