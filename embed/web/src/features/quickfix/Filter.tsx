import { Search, X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { useI18n } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './Filter.module.css';
import { categories } from './model';
import type { Category } from './model';

interface SearchProps {
  query: string;
  onQuery: (query: string) => void;
}

/** The words to look for. Results follow the typing; Enter on a phone puts the keyboard away. */
export function SearchBox({ query, onQuery }: SearchProps) {
  const { t } = useI18n();
  const id = useId();
  return (
    <search className={styles.search} data-print="no">
      <label htmlFor={id}>
        <VisuallyHidden>{t('quickfix.searchLabel')}</VisuallyHidden>
        <Search aria-hidden="true" />
      </label>
      <input
        id={id}
        type="search"
        value={query}
        placeholder={t('quickfix.searchPlaceholder')}
        enterKeyHint="search"
        autoComplete="off"
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      {query && (
        <IconButton
          label={t('quickfix.clearSearch')}
          icon={<X aria-hidden="true" />}
          onClick={() => onQuery('')}
        />
      )}
    </search>
  );
}

interface CategoryProps {
  chosen: Category | null;
  onChoose: (category: Category | null) => void;
}

/** One category, or all. */
export function CategoryChips({ chosen, onChoose }: CategoryProps) {
  const { t } = useI18n();
  const group = useRef<HTMLDivElement>(null);
  // On a phone the line scrolls: what is chosen comes into view, without moving the page.
  useEffect(() => {
    const line = group.current;
    const chip = line?.querySelector<HTMLElement>('[aria-pressed="true"]');
    if (line && chip) line.scrollLeft = chip.offsetLeft - (line.clientWidth - chip.offsetWidth) / 2;
  }, [chosen]);
  return (
    <div ref={group} role="group" aria-label={t('quickfix.categories')} className={styles.chips}>
      <button type="button" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
        {t('quickfix.all')}
      </button>
      {categories.map((category) => (
        <button
          key={category}
          type="button"
          aria-pressed={chosen === category}
          onClick={() => onChoose(chosen === category ? null : category)}
        >
          {t(`quickfix.${category}`)}
        </button>
      ))}
    </div>
  );
}
