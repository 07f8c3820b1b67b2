import type { User } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Page } from '@/ui/Page';
import { ContinueCard } from './ContinueCard';
import styles from './Dashboard.module.css';
import { GuidesOfTheDay } from './GuidesOfTheDay';
import { LevelCard } from './LevelCard';
import { TodayCard } from './TodayCard';

/** Where a signed-in person stands, and the way on. Each card is asked for, and fails, alone. */
export function Dashboard({ user }: { user: User }) {
  const { t } = useI18n();
  const title = user.name ? t('home.hello', { name: user.name }) : t('home.welcome');
  return (
    <Page title={title} lead={t('home.dashboardLead')} wide>
      <div className={styles.grid}>
        <ContinueCard />
        <div className={styles.side}>
          <TodayCard user={user} />
          <LevelCard />
        </div>
      </div>
      <div className={styles.guides}>
        <GuidesOfTheDay title={t('home.todaysGuides')} />
      </div>
    </Page>
  );
}
