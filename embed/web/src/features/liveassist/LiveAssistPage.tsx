import { useMemo } from 'react';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { useOutboxSnapshot } from '@/lib/outbox';
import { useTitle } from '@/lib/title';
import { Composer } from './Composer';
import { Conversation } from './Conversation';
import { DropZone } from './photo/DropZone';
import { usePhotos } from './photo/usePhotos';
import { entriesOf } from './entries';
import styles from './LiveAssistPage.module.css';
import { useConversation } from './useConversation';
import { useComposer } from './useComposer';

/** The conversation with LiveAssist. */
export default function LiveAssistPage() {
  const { t } = useI18n();
  const { user } = useAuth();
  const conversation = useConversation();
  const { sessionId, messages } = conversation;
  const { rows, progress } = useOutboxSnapshot();
  const entries = useMemo(() => entriesOf(messages, rows, sessionId), [messages, rows, sessionId]);
  const photos = usePhotos(sessionId);
  const composer = useComposer(sessionId, user?.id ?? '');
  useTitle(t('liveassist.title'));

  return (
    <DropZone className={styles.page} onFiles={photos.add}>
      <header className={styles.header}>
        <h1 tabIndex={-1} className={styles.title}>
          {t('liveassist.title')}
        </h1>
      </header>
      <Conversation
        conversation={conversation}
        entries={entries}
        progress={progress}
        onSuggestion={composer.suggest}
        onEdit={composer.edit}
      />
      <Composer composer={composer} photos={photos} />
    </DropZone>
  );
}
