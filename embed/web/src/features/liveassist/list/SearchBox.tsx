import { Search, X } from 'lucide-react';
import { useId } from 'react';
import { useI18n } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './Conversations.module.css';

/** The longest query that the server takes. */
const LONGEST = 200;

interface Props {
  query: string;
  onQuery: (query: string) => void;
}

/** What to look for in everything that was said. */
export function SearchBox({ query, onQuery }: Props) {
  const { t } = useI18n();
  const id = useId();
  return (
    <search className={styles.search}>
      <label htmlFor={id}>
        <VisuallyHidden>{t('liveassist.search')}</VisuallyHidden>
        <Search aria-hidden="true" />
      </label>
      <input
        id={id}
        type="search"
        value={query}
        maxLength={LONGEST}
        placeholder={t('liveassist.searchPlaceholder')}
        enterKeyHint="search"
        autoComplete="off"
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      {query && (
        <IconButton
          label={t('liveassist.clearSearch')}
          icon={<X aria-hidden="true" />}
          onClick={() => onQuery('')}
        />
      )}
    </search>
  );
}
