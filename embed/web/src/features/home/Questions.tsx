import { ChevronDown } from 'lucide-react';
import { useI18n } from '@/lib/i18n';
import styles from './Questions.module.css';

/** What people ask before they begin. */
export function Questions() {
  const { t } = useI18n();
  const questions = [
    [t('home.q1'), t('home.a1')],
    [t('home.q2'), t('home.a2')],
    [t('home.q3'), t('home.a3')],
    [t('home.q4'), t('home.a4')],
    [t('home.q5'), t('home.a5')],
  ];
  return (
    <section aria-labelledby="questions" className={styles.section}>
      <h2 id="questions">{t('home.questionsTitle')}</h2>
      <div className={styles.list}>
        {questions.map(([question, answer]) => (
          <details key={question} name="questions">
            <summary>
              {question}
              <ChevronDown aria-hidden="true" />
            </summary>
            <p>{answer}</p>
          </details>
        ))}
      </div>
    </section>
  );
}
