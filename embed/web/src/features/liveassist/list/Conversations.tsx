import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { sessionsQuery } from '@/lib/queries';
import { useToast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { LoadFailed } from '@/ui/LoadFailed';
import { SearchBox } from '@/ui/SearchBox';
import { Skeleton } from '@/ui/Skeleton';
import styles from './Conversations.module.css';
import { Hits } from './Hits';
import { SessionItem } from './SessionItem';
import { useBegin } from './useBegin';

/** The longest query that the server takes. */
const LONGEST = 200;

interface Props {
  /** The conversation on the screen. */
  current: string | null;
  /** Called when a conversation is opened; `fresh`: one to write in at once. */
  onOpen: (how: 'known' | 'fresh') => void;
}

/** All conversations of the person, a new one, and a search in everything that was said. */
export default function Conversations({ current, onOpen }: Props) {
  const { t } = useI18n();
  const toast = useToast();
  const [query, setQuery] = useState('');
  const begin = useBegin(current, {
    onDone: () => onOpen('fresh'),
    onError: (error) => toast(describe(error, t), { tone: 'warn' }),
  });
  const words = query.trim();
  return (
    <div className={styles.panel}>
      <Button block icon={<Plus aria-hidden="true" />} busy={begin.pending} onClick={begin.run}>
        {t('liveassist.newConversation')}
      </Button>
      <SearchBox
        label={t('liveassist.search')}
        placeholder={t('liveassist.searchPlaceholder')}
        query={query}
        maxLength={LONGEST}
        onQuery={setQuery}
      />
      {words ? (
        <Hits words={words} current={current} onOpen={() => onOpen('known')} />
      ) : (
        <List current={current} onOpen={() => onOpen('known')} />
      )}
    </div>
  );
}

function List({ current, onOpen }: { current: string | null; onOpen: () => void }) {
  const { t } = useI18n();
  const sessions = useQuery(sessionsQuery);
  if (sessions.data) {
    return (
      <ul className={styles.list} role="list">
        {sessions.data.map((session) => (
          <SessionItem key={session.id} session={session} current={current} onOpen={onOpen} />
        ))}
      </ul>
    );
  }
  if (sessions.isError) {
    return (
      <LoadFailed onRetry={() => void sessions.refetch()}>{t('liveassist.listFailed')}</LoadFailed>
    );
  }
  return <Skeleton lines={6} label={t('liveassist.loadingList')} />;
}
