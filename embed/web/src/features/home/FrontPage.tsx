import { useI18n } from '@/lib/i18n';
import { useTitle } from '@/lib/title';
import { ButtonLink } from '@/ui/Button';
import { WelcomePicture } from '@/ui/illustrations';
import { ConversationPicture } from './ConversationPicture';
import styles from './FrontPage.module.css';
import { GuidesOfTheDay } from './GuidesOfTheDay';
import { Plans } from './Plans';
import { Questions } from './Questions';
import { ThreeSteps } from './ThreeSteps';

/** What the product is, for somebody who has never seen it. */
export function FrontPage() {
  const { t } = useI18n();
  useTitle('');
  return (
    <div className={styles.page}>
      <section className={styles.hero}>
        <div className={styles.words}>
          <h1 tabIndex={-1}>{t('home.headline')}</h1>
          <p className={styles.lead}>{t('home.promise')}</p>
          <Entry />
          <p className={styles.small}>{t('home.noCard')}</p>
        </div>
        <ConversationPicture />
      </section>
      <ThreeSteps />
      <GuidesOfTheDay title={t('home.guidesTitle')} lead={t('home.guidesLead')} />
      <Plans />
      <Questions />
      <section className={styles.end} aria-labelledby="end">
        <WelcomePicture />
        <h2 id="end">{t('home.endTitle')}</h2>
        <Entry />
      </section>
    </div>
  );
}

function Entry() {
  const { t } = useI18n();
  return (
    <div className={styles.entry}>
      <ButtonLink variant="primary" to="/register">
        {t('home.start')}
      </ButtonLink>
      <ButtonLink to="/login">{t('home.signIn')}</ButtonLink>
    </div>
  );
}
