import { Check, RotateCcw } from 'lucide-react';
import { useId } from 'react';
import type { Guide } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { ProgressBar } from '@/ui/ProgressBar';
import { SimpleMarkdown } from '@/ui/SimpleMarkdown';
import styles from './Steps.module.css';

interface Props {
  guide: Guide;
  done: ReadonlySet<number>;
  toggle: (step: number) => void;
  reset: () => void;
}

/** The steps in order, to be ticked one by one: hands are wet, and the phone goes dark. */
export function Steps({ guide, done, toggle, reset }: Props) {
  const { t } = useI18n();
  const id = useId();
  const total = guide.steps.length;
  return (
    <section aria-labelledby={id} className={styles.steps}>
      <header className={styles.header}>
        <h2 id={id}>{t('quickfix.steps')}</h2>
        <div className={styles.progress} data-print="no">
          <p role="status">
            {done.size === total
              ? t('quickfix.allDone')
              : t('quickfix.stepsDone', { done: done.size, total })}
          </p>
          {done.size > 0 && (
            <Button
              variant="ghost"
              size="small"
              icon={<RotateCcw aria-hidden="true" />}
              onClick={reset}
            >
              {t('quickfix.startOver')}
            </Button>
          )}
        </div>
        <ProgressBar
          value={done.size}
          max={total}
          label={t('quickfix.progress')}
          className={styles.bar}
        />
      </header>
      <ol data-plain className={styles.list}>
        {guide.steps.map((step, i) => (
          <li key={i} className={styles.step} data-done={done.has(i) || undefined}>
            <span className={styles.box}>
              <input
                type="checkbox"
                id={`${id}-${i}`}
                checked={done.has(i)}
                onChange={() => toggle(i)}
              />
              <span aria-hidden="true" className={styles.number}>
                {done.has(i) ? <Check /> : i + 1}
              </span>
            </span>
            <div className={styles.words}>
              <h3>
                <label htmlFor={`${id}-${i}`}>{step.title}</label>
              </h3>
              <SimpleMarkdown text={step.text} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
