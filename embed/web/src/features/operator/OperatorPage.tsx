import { useQuery } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { useParams } from '@/lib/router';
import { useTitle } from '@/lib/title';
import { EmptyState } from '@/ui/EmptyState';
import { NotFoundPicture } from '@/ui/illustrations';
import { AuditTab } from './audit/AuditTab';
import { ConversationsTab } from './conversations/ConversationsTab';
import { useDesk } from './conversations/useDesk';
import { Words } from './conversations/words';
import { EvidenceTab } from './evidence/EvidenceTab';
import { tabOf } from './model';
import type { Tab } from './model';
import styles from './OperatorPage.module.css';
import { OverviewTab } from './overview/OverviewTab';
import { overviewQuery } from './queries';
import { Tabs } from './Tabs';
import { useTexts } from './texts';
import { UsersTab } from './users/UsersTab';
import { WebhooksTab } from './webhooks/WebhooksTab';

const CONTENT: Record<Tab, ComponentType> = {
  overview: OverviewTab,
  conversations: ConversationsTab,
  users: UsersTab,
  webhooks: WebhooksTab,
  evidence: EvidenceTab,
  audit: AuditTab,
};

interface Props {
  /** Draws the Markdown of replies; the app lends it from the conversation's own page. */
  words?: ComponentType<{ text: string }>;
}

/** The desk and the console: for operators only, which the app sees to. */
export default function OperatorPage({ words }: Props) {
  const { t } = useTexts();
  const tab = tabOf(useParams<'tab'>().tab);
  const overview = useQuery(overviewQuery);
  const waiting = overview.data?.waiting ?? 0;
  useDesk();
  // The number comes first: a tab strip shows the beginning of a title only.
  const title = tab ? t(`tab_${tab}`) : t('noSuchTab');
  useTitle(`${waiting > 0 ? `(${waiting}) ` : ''}${title} · ${t('title')}`);
  const Content = tab && CONTENT[tab];
  const page = (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1 tabIndex={-1}>{t('title')}</h1>
        <Tabs waiting={waiting} parked={overview.data?.webhooks.parked ?? 0} />
      </header>
      {Content ? <Content /> : <EmptyState picture={<NotFoundPicture />} title={t('noSuchTab')} />}
    </div>
  );
  return words ? <Words value={words}>{page}</Words> : page;
}
