import type { ReactNode } from 'react';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Button } from '@/ui/Button';
import { LoadFailed } from '@/ui/LoadFailed';
import { Skeleton } from '@/ui/Skeleton';
import type { Listing } from '../pages';
import { useTexts } from '../texts';
import styles from './List.module.css';

interface Props<Item> {
  label: string;
  list: Listing<Item>;
  row: (item: Item) => ReactNode;
  /** In place of the list when it has nothing. */
  empty: ReactNode;
}

/** A list that is read page by page, in each of its states. */
export function List<Item extends { id: string }>({ label, list, row, empty }: Props<Item>) {
  const { t } = useTexts();
  const { t: common } = useI18n();
  if (list.error) {
    return <LoadFailed onRetry={list.retry}>{describe(list.error, common)}</LoadFailed>;
  }
  if (!list.items) return <Skeleton lines={6} />;
  if (list.items.length === 0) return empty;
  return (
    <div className={styles.list}>
      <ul data-plain role="list" aria-label={label}>
        {list.items.map((item) => (
          <li key={item.id}>{row(item)}</li>
        ))}
      </ul>
      {list.moreFailed && <p role="status">{t('moreFailed')}</p>}
      {list.more && (
        <Button onClick={list.more} busy={list.loadingMore}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}

interface RowProps {
  to: string;
  title: string;
  /** Whether the row's thing is the one shown beside the list. */
  selected?: boolean;
  /** Beside the title. */
  badge?: ReactNode;
  /** Below the title, from the most to the least telling. */
  children?: ReactNode;
  facts?: readonly ReactNode[];
}

/** One row that leads to its detail. */
export function Row({ to, title, selected = false, badge, children, facts = [] }: RowProps) {
  return (
    <Link to={to} className={styles.row} aria-current={selected ? 'true' : undefined}>
      <span className={styles.top}>
        <strong>{title}</strong>
        {badge}
      </span>
      {children}
      {facts.length > 0 && (
        <span className={styles.facts}>
          {facts.filter(Boolean).map((fact, i) => (
            <span key={i}>{fact}</span>
          ))}
        </span>
      )}
    </Link>
  );
}
