import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Link } from '@/lib/router';
import { describe } from '@/lib/errors';
import { guidesQuery } from '@/lib/guides';
import { useI18n } from '@/lib/i18n';
import { LinkCard } from '@/ui/LinkCard';
import { LoadFailed } from '@/ui/LoadFailed';
import { Skeleton } from '@/ui/Skeleton';
import styles from './GuidesOfTheDay.module.css';
import { guidesOfTheDay } from './model';

interface Props {
  title: string;
  lead?: string;
}

/** Three guides to begin with, and the way to all of them. */
export function GuidesOfTheDay({ title, lead }: Props) {
  const { t, lang } = useI18n();
  const id = useId();
  const guides = useQuery(guidesQuery(lang));
  const [now] = useState(Date.now);
  return (
    <section aria-labelledby={id} className={styles.guides}>
      <header className={styles.header}>
        <div>
          <h2 id={id}>{title}</h2>
          {lead && <p>{lead}</p>}
        </div>
        <Link to="/quickfix">{t('home.allGuides')}</Link>
      </header>
      {guides.data ? (
        <ul data-plain className={styles.list}>
          {guidesOfTheDay(guides.data, now).map((guide) => (
            <li key={guide.slug}>
              <LinkCard
                to={`/quickfix/${guide.slug}`}
                title={guide.title}
                facts={t('home.minutes', { n: guide.minutes })}
              >
                {guide.summary}
              </LinkCard>
            </li>
          ))}
        </ul>
      ) : guides.isError ? (
        <LoadFailed onRetry={() => void guides.refetch()}>{describe(guides.error, t)}</LoadFailed>
      ) : (
        <Skeleton height={7} />
      )}
    </section>
  );
}
