import { Suspense, useRef } from 'react';
import { Outlet, useLocation } from '@/lib/router';
import { useI18n } from '@/lib/i18n';
import { ConnectionBanner } from './ConnectionBanner';
import { CrashBoundary } from './CrashBoundary';
import { Dialogs } from './Dialogs';
import { PaymentRegion } from './PaymentRegion';
import styles from './Shell.module.css';
import { TopBar } from './TopBar';
import { UpdateBar } from './UpdateBar';
import { useFocusOnNavigation } from './useFocusOnNavigation';
import { Waiting } from './Waiting';

/** What stands around every page. */
export function Shell() {
  const { t } = useI18n();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  useFocusOnNavigation(main);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t('app.skipLink')}
      </a>
      <TopBar />
      <ConnectionBanner />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <UpdateBar />
        <PaymentRegion />
        <CrashBoundary key={pathname}>
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </CrashBoundary>
      </main>
      <Dialogs />
    </div>
  );
}
