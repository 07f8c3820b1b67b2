import { useQueryClient } from '@tanstack/react-query';
import type { GuideSummary } from '@/api';
import { guideQuery } from '@/lib/guides';
import { useI18n } from '@/lib/i18n';
import { LinkCard } from '@/ui/LinkCard';
import { CategoryIcon } from './CategoryIcon';
import styles from './GuideList.module.css';

interface Props {
  guides: readonly GuideSummary[];
  /** Of the cards' headings: one below the list's. */
  level?: 2 | 3;
  /** The category as a picture, where the guides are of several. */
  icons?: boolean;
}

export function GuideList({ guides, level = 3, icons = true }: Props) {
  const { t, lang } = useI18n();
  const client = useQueryClient();
  // On the way to being pressed: the page is there when the finger lifts.
  const prefetch = (slug: string) => () =>
    void client.query(guideQuery(lang, slug)).catch(() => undefined);
  return (
    <ul data-plain className={styles.list}>
      {guides.map((guide) => (
        <li key={guide.slug}>
          <LinkCard
            to={`/quickfix/${guide.slug}`}
            title={guide.title}
            level={level}
            icon={icons && <CategoryIcon category={guide.category} />}
            facts={
              <>
                <span>{t('quickfix.minutes', { n: guide.minutes })}</span>
                <span aria-hidden="true">·</span>
                <span>{t(`quickfix.${guide.difficulty}`)}</span>
              </>
            }
            onPointerEnter={prefetch(guide.slug)}
            onFocus={prefetch(guide.slug)}
          >
            {guide.summary}
          </LinkCard>
        </li>
      ))}
    </ul>
  );
}
