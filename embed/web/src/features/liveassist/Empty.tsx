import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { EmptyConversationPicture } from '@/ui/illustrations';
import styles from './Empty.module.css';

const suggestions = [
  'liveassist.suggestion1',
  'liveassist.suggestion2',
  'liveassist.suggestion3',
] as const;

/** A conversation that has not begun: a greeting, and three ways to begin. */
export function Empty({ onSuggestion }: { onSuggestion: (text: string) => void }) {
  const { t } = useI18n();
  const { user } = useAuth();
  const name = user?.name.trim().split(/\s+/)[0] ?? '';
  return (
    <div className={styles.empty}>
      <EmptyConversationPicture />
      <h2 className={styles.title}>{t('liveassist.emptyTitle', { name })}</h2>
      <p className={styles.text}>{t('liveassist.emptyText')}</p>
      <ul className={styles.suggestions} role="list" aria-label={t('liveassist.suggestions')}>
        {suggestions.map((key) => (
          <li key={key}>
            <button
              type="button"
              className={styles.suggestion}
              onClick={() => onSuggestion(t(key))}
            >
              {t(key)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
