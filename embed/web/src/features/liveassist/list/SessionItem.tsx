import { Download, Pencil } from 'lucide-react';
import { useState } from 'react';
import type { Session } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { useUnread } from '@/lib/unread';
import { Button, ButtonLink } from '@/ui/Button';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { addressOf, usePin } from '../address';
import styles from './Conversations.module.css';
import { RenameDialog } from './RenameDialog';
import { When } from './When';
import { plain } from './words';

interface Props {
  session: Session;
  current: string | null;
  onOpen: () => void;
}

/** A conversation in the list; the one on the screen with what can be done with it. */
export function SessionItem({ session, current, onOpen }: Props) {
  const { t } = useI18n();
  const { unread } = useUnread();
  const pin = usePin(current);
  const { id, title, lastMessage, lastActiveAt } = session;
  const present = id === current;
  const count = present ? 0 : (unread[id]?.length ?? 0);
  return (
    <li className={styles.item} data-current={present || undefined}>
      <Link
        to={addressOf(id)}
        className={styles.link ?? ''}
        aria-current={present ? 'true' : undefined}
        onClick={() => {
          if (!present) pin();
          onOpen();
        }}
      >
        <span className={styles.first}>
          <span className={styles.title}>{title || t('liveassist.untitled')}</span>
          <When at={lastMessage?.createdAt ?? lastActiveAt} />
        </span>
        {lastMessage && (
          <span className={styles.last}>
            {plain(lastMessage.text) || t('liveassist.photoOnly')}
          </span>
        )}
        {count > 0 && (
          <span className={styles.count}>
            <span aria-hidden="true">{count}</span>
            <VisuallyHidden>{t('liveassist.unread', { count })}</VisuallyHidden>
          </span>
        )}
      </Link>
      {present && lastMessage && <Actions session={session} />}
    </li>
  );
}

function Actions({ session: { id, title } }: { session: Session }) {
  const { t } = useI18n();
  const [renaming, setRenaming] = useState(false);
  return (
    <div className={styles.actions}>
      <Button
        size="small"
        variant="ghost"
        icon={<Pencil aria-hidden="true" />}
        onClick={() => setRenaming(true)}
      >
        {t('liveassist.rename')}
      </Button>
      <ButtonLink
        size="small"
        variant="ghost"
        icon={<Download aria-hidden="true" />}
        to={`/api/liveassist/sessions/${id}/export`}
        download
      >
        {t('liveassist.export')}
      </ButtonLink>
      {renaming && <RenameDialog id={id} title={title} onClose={() => setRenaming(false)} />}
    </div>
  );
}
