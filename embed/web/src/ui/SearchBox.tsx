import { Search, X } from 'lucide-react';
import { useId } from 'react';
import { useI18n } from '@/lib/i18n';
import { cx } from './cx';
import { IconButton } from './IconButton';
import styles from './SearchBox.module.css';
import { VisuallyHidden } from './VisuallyHidden';

interface Props {
  /** Its name, for those who do not see the magnifying glass. */
  label: string;
  placeholder: string;
  query: string;
  onQuery: (query: string) => void;
  /** The longest query that the server takes. */
  maxLength?: number | undefined;
  /** The main thing of a page: higher, and round at its ends. */
  large?: boolean | undefined;
}

/** The words to look for. Results follow the typing; Enter on a phone puts the keyboard away. */
export function SearchBox({ label, placeholder, query, onQuery, maxLength, large }: Props) {
  const { t } = useI18n();
  const id = useId();
  return (
    <search className={cx(styles.search, large && styles.large)} data-print="no">
      <label htmlFor={id}>
        <VisuallyHidden>{label}</VisuallyHidden>
        <Search aria-hidden="true" />
      </label>
      <input
        id={id}
        type="search"
        value={query}
        maxLength={maxLength}
        placeholder={placeholder}
        enterKeyHint="search"
        autoComplete="off"
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      {query && (
        <IconButton
          label={t('ui.clearSearch')}
          icon={<X aria-hidden="true" />}
          onClick={() => onQuery('')}
        />
      )}
    </search>
  );
}
