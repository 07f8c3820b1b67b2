import { EmptyConversationPicture } from '@/ui/illustrations';
import { EmptyState } from '@/ui/EmptyState';
import { Link } from '@/lib/router';
import { addressOf, oneOf, SHOWN } from '../model';
import type { Shown } from '../model';
import { List } from '../parts/List';
import { Split } from '../parts/Split';
import { useAddress } from '../parts/useAddress';
import { useInbox } from '../queries';
import { useTexts } from '../texts';
import styles from './ConversationsTab.module.css';
import { ConversationView } from './ConversationView';
import { InboxRow } from './InboxRow';

/** The inbox, live, and one conversation of it. */
export function ConversationsTab() {
  const { t } = useTexts();
  const { get, id } = useAddress();
  const show = oneOf(SHOWN, get('show'));
  return (
    <Split
      selected={id}
      back={addressOf('conversations', { show })}
      hint={t('pickConversation')}
      list={
        <>
          <ShownNav shown={show} />
          <Inbox show={show} selected={id} />
        </>
      }
      detail={id && <ConversationView key={id} sessionId={id} />}
    />
  );
}

function ShownNav({ shown }: { shown: Shown }) {
  const { t } = useTexts();
  return (
    <nav className={styles.shown} aria-label={t('inbox')}>
      {SHOWN.map((show) => (
        <Link
          key={show}
          to={addressOf('conversations', { show })}
          aria-current={show === shown ? 'page' : undefined}
        >
          {t(`show_${show}`)}
        </Link>
      ))}
    </nav>
  );
}

/** The conversations in one state; what comes and goes does so by itself. */
export function Inbox({ show, selected = null }: { show: Shown; selected?: string | null }) {
  const { t } = useTexts();
  const list = useInbox(show);
  return (
    <List
      label={t(`show_${show}`)}
      list={list}
      row={(item) => (
        <InboxRow
          item={item}
          to={addressOf('conversations', { show, id: item.id })}
          selected={item.id === selected}
        />
      )}
      empty={
        <EmptyState picture={<EmptyConversationPicture />} title={t(`none_${show}`)}>
          {t(`noneText_${show}`)}
        </EmptyState>
      }
    />
  );
}
