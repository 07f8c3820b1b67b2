import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { Button, ButtonLink } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { OfflinePicture } from '@/ui/illustrations';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { Dashboard } from './Dashboard';
import { FrontPage } from './FrontPage';
import styles from './HomePage.module.css';

/** The way in: for strangers what this is, for the signed-in where they stand. */
export default function HomePage() {
  const { status, user } = useAuth();
  if (user) return <Dashboard user={user} />;
  switch (status) {
    case 'signed-out':
      return <FrontPage />;
    case 'unreachable':
      return <Unreachable />;
    case 'loading':
    case 'signed-in':
      return (
        <div className={styles.waiting}>
          <Skeleton height={20} />
        </div>
      );
  }
}

function Unreachable() {
  const { t } = useI18n();
  const { retry } = useAuth();
  return (
    <Page title={t('app.unreachableTitle')}>
      <EmptyState
        picture={<OfflinePicture />}
        action={
          <>
            <Button variant="primary" onClick={retry}>
              {t('ui.retry')}
            </Button>
            <ButtonLink to="/quickfix">{t('home.allGuides')}</ButtonLink>
          </>
        }
      >
        {t('app.unreachableText')}
      </EmptyState>
    </Page>
  );
}
