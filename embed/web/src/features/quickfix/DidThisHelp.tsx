import { MessageCircle, ThumbsUp } from 'lucide-react';
import { useId, useState } from 'react';
import { useNavigate } from '@/lib/router';
import type { Guide } from '@/api';
import { useI18n } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import styles from './DidThisHelp.module.css';

/** The end of a guide: done, or on to a conversation that begins with the guide's name. */
export function DidThisHelp({ guide }: { guide: Guide }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const id = useId();
  const [glad, setGlad] = useState(false);
  const ask = () =>
    navigate('/liveassist', { state: { draft: t('quickfix.draft', { title: guide.title }) } });
  return (
    <section aria-labelledby={id} className={styles.card} data-print="no">
      <div>
        <h2 id={id}>{t('quickfix.helped')}</h2>
        <p role="status">{glad ? t('quickfix.glad') : t('quickfix.helpedHint')}</p>
      </div>
      {!glad && (
        <div className={styles.answers}>
          <Button icon={<ThumbsUp aria-hidden="true" />} onClick={() => setGlad(true)}>
            {t('quickfix.yes')}
          </Button>
          <Button variant="primary" icon={<MessageCircle aria-hidden="true" />} onClick={ask}>
            {t('quickfix.no')}
          </Button>
        </div>
      )}
    </section>
  );
}
