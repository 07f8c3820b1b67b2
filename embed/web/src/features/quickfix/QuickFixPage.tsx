import { useQuery } from '@tanstack/react-query';
import { MessageCircle } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { useSearchParams } from '@/lib/router';
import type { GuideSummary } from '@/api';
import { describe } from '@/lib/errors';
import { guidesQuery } from '@/lib/guides';
import { useI18n } from '@/lib/i18n';
import { Button, ButtonLink } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { EmptyConversationPicture, OfflinePicture } from '@/ui/illustrations';
import { Page } from '@/ui/Page';
import { SearchBox } from '@/ui/SearchBox';
import { Skeleton } from '@/ui/Skeleton';
import { CategoryChips } from './CategoryChips';
import { CategoryIcon } from './CategoryIcon';
import { GuideList } from './GuideList';
import { byCategory, isCategory, search } from './model';
import type { Category } from './model';
import styles from './QuickFixPage.module.css';

/** All guides: to look through by category, or to search in one's own words. */
export default function QuickFixPage() {
  const { t, lang } = useI18n();
  const guides = useQuery(guidesQuery(lang));
  const filter = useFilter();
  return (
    <Page title={t('quickfix.title')} lead={t('quickfix.lead')} wide>
      <div className={styles.filter}>
        <SearchBox
          large
          label={t('quickfix.searchLabel')}
          placeholder={t('quickfix.searchPlaceholder')}
          query={filter.query}
          onQuery={(q) => filter.set('q', q)}
        />
        <CategoryChips chosen={filter.category} onChoose={(c) => filter.set('c', c)} />
      </div>
      {guides.data ? (
        <Results guides={guides.data} query={filter.query} category={filter.category} />
      ) : guides.isError ? (
        <EmptyState
          picture={<OfflinePicture />}
          title={t('quickfix.listFailed')}
          action={<Button onClick={() => void guides.refetch()}>{t('ui.retry')}</Button>}
        >
          {describe(guides.error, t)}
        </EmptyState>
      ) : (
        <Skeleton height={24} />
      )}
    </Page>
  );
}

/** The filter lives in the address, so that Back from a guide returns to the same list. */
function useFilter() {
  const [params, setParams] = useSearchParams();
  const category = params.get('c');
  return {
    query: params.get('q') ?? '',
    category: isCategory(category) ? category : null,
    set: (name: 'q' | 'c', value: string | null) =>
      setParams(
        (now) => {
          if (value) now.set(name, value);
          else now.delete(name);
          return now;
        },
        { replace: true },
      ),
  };
}

interface ResultsProps {
  guides: GuideSummary[];
  query: string;
  category: Category | null;
}

function Results({ guides, query, category }: ResultsProps) {
  const { t } = useI18n();
  const words = useDeferredValue(query.trim());
  const found = useMemo(
    () => search(guides, words).filter((g) => !category || g.category === category),
    [guides, words, category],
  );
  const grouped = !words && !category;
  return (
    <>
      <p role="status" className={styles.count}>
        {t('quickfix.count', { n: found.length })}
      </p>
      {found.length === 0 && <NothingFound words={words} />}
      {grouped ? (
        byCategory(found).map(([name, list]) => (
          <section key={name} className={styles.group} aria-labelledby={`group-${name}`}>
            <h2 id={`group-${name}`}>
              <CategoryIcon category={name} />
              {t(`quickfix.${name}`)}
            </h2>
            <GuideList guides={list} icons={false} />
          </section>
        ))
      ) : (
        <GuideList guides={found} level={2} />
      )}
      {found.length > 0 && <AskInstead words={words} />}
    </>
  );
}

function NothingFound({ words }: { words: string }) {
  const { t } = useI18n();
  return (
    <EmptyState
      picture={<EmptyConversationPicture />}
      title={words ? t('quickfix.nothing', { words }) : t('quickfix.nothingHere')}
      action={<AskLink words={words} />}
    >
      {t('quickfix.nothingText')}
    </EmptyState>
  );
}

function AskInstead({ words }: { words: string }) {
  const { t } = useI18n();
  return (
    <aside className={styles.ask} aria-label={t('quickfix.notListed')} data-print="no">
      <div>
        <p className={styles.askTitle}>{t('quickfix.notListed')}</p>
        <p>{t('quickfix.nothingText')}</p>
      </div>
      <AskLink words={words} />
    </aside>
  );
}

function AskLink({ words }: { words: string }) {
  const { t } = useI18n();
  return (
    <ButtonLink
      variant="primary"
      to="/liveassist"
      state={words ? { draft: words } : null}
      icon={<MessageCircle aria-hidden="true" />}
    >
      {t('quickfix.ask')}
    </ButtonLink>
  );
}
