import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import type { Lang } from '@/lib/i18n';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { LoadFailed } from '@/ui/LoadFailed';
import { Skeleton } from '@/ui/Skeleton';
import { Select } from '../parts/Select';
import { useSettled } from '../parts/useSettled';
import { plain } from '../model';
import { cannedQuery } from '../queries';
import { useTexts } from '../texts';
import styles from './CannedDialog.module.css';

/** As many as can be looked through; more words bring the right one up. */
const SHOWN = 30;

interface Props {
  onChoose: (text: string) => void;
  onClose: () => void;
}

/** Replies made from the guides, to be put into the composer and changed there. */
export function CannedDialog({ onChoose, onClose }: Props) {
  const { t, lang } = useTexts();
  const { t: common } = useI18n();
  const [q, setQ] = useState('');
  // The person may write in another language than the operator reads.
  const [of, setOf] = useState<Lang>(lang);
  const looked = useSettled(q.trim());
  const query = useQuery({
    ...cannedQuery(of, looked),
    placeholderData: (before) => before,
  });
  return (
    <Dialog open onClose={onClose} title={t('canned')} wide>
      <Field
        label={t('cannedSearch')}
        type="search"
        value={q}
        onChange={(event) => setQ(event.target.value)}
      />
      <Select
        label={t('cannedLanguage')}
        value={of}
        onChange={(value) => setOf(value === 'sv' ? 'sv' : 'en')}
        options={[
          ['en', 'English'],
          ['sv', 'Svenska'],
        ]}
      />
      {query.data ? (
        query.data.length === 0 ? (
          <p role="status">{t('cannedNone')}</p>
        ) : (
          <ul data-plain role="list" className={styles.list} aria-label={t('canned')} lang={of}>
            {query.data.slice(0, SHOWN).map((reply) => (
              <li key={reply.id}>
                <button type="button" onClick={() => onChoose(reply.text)}>
                  <strong>{reply.title}</strong>
                  <span>{plain(reply.text)}</span>
                </button>
              </li>
            ))}
          </ul>
        )
      ) : query.isError ? (
        <LoadFailed onRetry={() => void query.refetch()}>
          {describe(query.error, common)}
        </LoadFailed>
      ) : (
        <Skeleton lines={6} />
      )}
    </Dialog>
  );
}
