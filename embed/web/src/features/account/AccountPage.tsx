import { Suspense } from 'react';
import type { ReactNode } from 'react';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import styles from './AccountPage.module.css';
import { ConfirmNotice } from './ConfirmNotice';
import { DataCard } from './DataCard';
import { PaymentNotices } from './PaymentNotices';
import { PlanCard } from './PlanCard';
import { PreferencesCard } from './PreferencesCard';
import { ProfileCard } from './ProfileCard';
import { SecurityCard } from './SecurityCard';
import { XpCard } from './XpCard';

/** What billing puts into the page; the app brings the two together. */
export interface Slots {
  /** In the plan card while free; without it, a button that opens the offer. */
  upgrade?: ReactNode;
  /** In the plan card while paid. */
  manage?: ReactNode;
  /** In the banner that says that a renewal failed. */
  updateCard?: ReactNode;
  /** Above everything: what just happened to a payment. */
  notices?: ReactNode;
}

export default function AccountPage({ upgrade, manage, updateCard, notices }: Slots) {
  const { t } = useI18n();
  const { user } = useAuth();
  if (!user) return null;
  return (
    <Page title={t('account.title')} lead={t('account.lead')} wide>
      {notices}
      <PaymentNotices user={user} updateCard={updateCard} />
      <Suspense>
        <ConfirmNotice user={user} />
      </Suspense>
      <div className={styles.grid}>
        <div className={styles.column}>
          <PlanCard user={user} upgrade={upgrade} manage={manage} />
          <XpCard />
          <Suspense fallback={<Skeleton lines={3} />}>
            <DataCard user={user} />
          </Suspense>
        </div>
        <div className={styles.column}>
          <ProfileCard user={user} />
          <PreferencesCard />
          <Suspense fallback={<Skeleton lines={6} />}>
            <SecurityCard />
          </Suspense>
        </div>
      </div>
    </Page>
  );
}
