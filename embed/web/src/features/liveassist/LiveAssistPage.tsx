import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { useMedia } from '@/lib/media';
import { useOutboxSnapshot } from '@/lib/outbox';
import { sessionsQuery } from '@/lib/queries';
import { useTitle } from '@/lib/title';
import { useReading } from '@/lib/unread';
import { Dialog } from '@/ui/Dialog';
import { Composer } from './Composer';
import { Conversation } from './Conversation';
import { DropZone } from './photo/DropZone';
import { usePhotos } from './photo/usePhotos';
import { entriesOf, own } from './entries';
import { Head } from './Head';
import styles from './LiveAssistPage.module.css';
import { nameOf, several } from './list/model';
import { useConversation } from './useConversation';
import { useComposer } from './useComposer';
import { useStanding } from './useStanding';
import { useOperatorTyping, useTellTyping } from './useTyping';

const Conversations = lazy(() => import('./list/Conversations'));

/** Room for the list of conversations beside the one on the screen. */
const WIDE = '(min-width: 64rem)';

/** The conversation with LiveAssist, and the way to the others. */
export default function LiveAssistPage() {
  const { t } = useI18n();
  const { user } = useAuth();
  const conversation = useConversation();
  const { sessionId, messages } = conversation;
  const sessions = useQuery(sessionsQuery).data;
  const standing = useStanding(sessionId);
  const { rows: all, progress } = useOutboxSnapshot();
  const rows = useMemo(() => own(all, sessionId, sessions), [all, sessionId, sessions]);
  const entries = useMemo(() => entriesOf(messages, rows), [messages, rows]);
  const photos = usePhotos(sessionId);
  const composer = useComposer(sessionId, user?.id ?? '', rows, photos);
  const typing = useOperatorTyping(sessionId);
  const tellTyping = useTellTyping(sessionId, standing?.desk);
  const [listOpen, setListOpen] = useState(false);
  const fresh = useRef(false);
  const { field } = composer;
  const choice = several(sessions ?? []);
  const name = choice ? nameOf(sessions ?? [], sessionId) : null;
  const beside = useMedia(WIDE) && choice;
  useReading(sessionId);
  useTitle(t('liveassist.title'));

  const onOpen = (how: 'known' | 'fresh') => {
    if (how === 'fresh' && listOpen) fresh.current = true;
    else if (how === 'fresh') field.current?.focus();
    setListOpen(false);
  };
  // Once the dialog is closed and has given the focus back to its button.
  useEffect(() => {
    if (listOpen || !fresh.current) return;
    fresh.current = false;
    field.current?.focus();
  }, [listOpen, field]);
  const list = (
    <Suspense fallback={null}>
      <Conversations current={sessionId} onOpen={onOpen} />
    </Suspense>
  );

  return (
    <DropZone className={styles.page} onFiles={photos.add}>
      {beside && (
        <aside className={styles.side} aria-labelledby="conversations-title">
          <h2 id="conversations-title" className={styles.sideTitle}>
            {t('liveassist.conversations')}
          </h2>
          {list}
        </aside>
      )}
      <div className={styles.main}>
        <Head
          title={name ?? t('liveassist.title')}
          sessionId={sessionId}
          standing={standing}
          typing={typing}
          onList={beside ? undefined : () => setListOpen(true)}
        />
        <Conversation
          key={sessionId}
          conversation={conversation}
          standing={standing}
          typing={typing}
          entries={entries}
          progress={progress}
          onSuggestion={composer.suggest}
          onEdit={composer.edit}
        />
        <Composer composer={composer} photos={photos} onTyping={tellTyping} />
      </div>
      <Dialog
        open={listOpen && !beside}
        onClose={() => setListOpen(false)}
        title={t('liveassist.conversations')}
      >
        {list}
      </Dialog>
    </DropZone>
  );
}
