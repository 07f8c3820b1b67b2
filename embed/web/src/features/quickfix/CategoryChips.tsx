import { useEffect, useRef } from 'react';
import { useI18n } from '@/lib/i18n';
import styles from './CategoryChips.module.css';
import { categories } from './model';
import type { Category } from './model';

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
