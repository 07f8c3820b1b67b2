import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { Guide } from '@/api';
import { guidesQuery } from '@/lib/guides';
import { useI18n } from '@/lib/i18n';
import { GuideList } from './GuideList';
import styles from './Related.module.css';
import { related } from './model';

/** Neighbours of a guide. Where the list cannot be had there is simply nothing. */
export function Related({ guide }: { guide: Guide }) {
  const { t, lang } = useI18n();
  const id = useId();
  const guides = useQuery(guidesQuery(lang));
  const near = related(guides.data ?? [], guide);
  if (near.length === 0) return null;
  return (
    <section aria-labelledby={id} className={styles.related} data-print="no">
      <h2 id={id}>{t('quickfix.related')}</h2>
      <GuideList guides={near} />
    </section>
  );
}
