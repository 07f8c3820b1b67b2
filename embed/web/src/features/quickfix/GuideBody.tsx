import { HardHat, ListChecks, Printer, ShieldAlert } from 'lucide-react';
import { useId } from 'react';
import type { ReactNode } from 'react';
import type { Guide } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { SimpleMarkdown } from '@/ui/SimpleMarkdown';
import { DidThisHelp } from './DidThisHelp';
import styles from './GuideBody.module.css';
import { Related } from './Related';
import { Steps } from './Steps';
import { useDoneSteps } from './useDoneSteps';

export function GuideBody({ guide }: { guide: Guide }) {
  const { t } = useI18n();
  const steps = useDoneSteps(guide.slug, guide.steps.length);
  return (
    <div className={styles.columns}>
      <aside className={styles.side} aria-label={t('quickfix.before')}>
        <Part title={t('quickfix.tools')}>
          <ul data-plain className={styles.tools}>
            {guide.tools.map((tool) => (
              <li key={tool}>{tool}</li>
            ))}
          </ul>
        </Part>
        <Button
          size="small"
          icon={<Printer aria-hidden="true" />}
          className={styles.print}
          onClick={() => print()}
          data-print="no"
        >
          {t('quickfix.print')}
        </Button>
      </aside>
      <div className={styles.main}>
        <Part title={t('quickfix.safety')} icon={<ShieldAlert aria-hidden="true" />} tone="safety">
          <SimpleMarkdown text={guide.safety} />
        </Part>
        <Steps guide={guide} {...steps} />
        <Part title={t('quickfix.next')} icon={<ListChecks aria-hidden="true" />}>
          <SimpleMarkdown text={guide.next} />
        </Part>
        <Part title={t('quickfix.professional')} icon={<HardHat aria-hidden="true" />} tone="call">
          <SimpleMarkdown text={guide.professional} />
        </Part>
        <DidThisHelp guide={guide} />
        <Related guide={guide} />
      </div>
    </div>
  );
}

interface PartProps {
  title: string;
  icon?: ReactNode;
  tone?: 'safety' | 'call';
  children: ReactNode;
}

function Part({ title, icon, tone, children }: PartProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.part} data-tone={tone}>
      <h2 id={id} className={styles.heading}>
        {icon}
        {title}
      </h2>
      {children}
    </section>
  );
}
