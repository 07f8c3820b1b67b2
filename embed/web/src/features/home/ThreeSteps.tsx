import { Camera, ListChecks, MessageSquareText } from 'lucide-react';
import { useI18n } from '@/lib/i18n';
import styles from './ThreeSteps.module.css';

/** How it goes, from trouble to mended. */
export function ThreeSteps() {
  const { t } = useI18n();
  const steps = [
    { Icon: MessageSquareText, title: t('home.step1'), text: t('home.step1Text') },
    { Icon: Camera, title: t('home.step2'), text: t('home.step2Text') },
    { Icon: ListChecks, title: t('home.step3'), text: t('home.step3Text') },
  ];
  return (
    <section aria-labelledby="how" className={styles.how}>
      <h2 id="how">{t('home.howTitle')}</h2>
      <ol data-plain className={styles.steps}>
        {steps.map(({ Icon, title, text }, i) => (
          <li key={title}>
            <span className={styles.icon}>
              <Icon aria-hidden="true" />
            </span>
            <h3>
              <span aria-hidden="true">{i + 1}. </span>
              {title}
            </h3>
            <p>{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
