import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useI18n } from '@/lib/i18n';
import { useToast } from '@/lib/toast';
import styles from './CopyButton.module.css';

/** Copies a reply as it was written, Markdown included. */
export function CopyButton({ text }: { text: string }) {
  const { t } = useI18n();
  const toast = useToast();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2_000);
    return () => clearTimeout(timer);
  }, [done]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      toast(t('liveassist.copied'));
    } catch {
      toast(t('liveassist.copyFailed'), { tone: 'warn' });
    }
  };
  const Icon = done ? Check : Copy;
  return (
    <button type="button" className={styles.copy} onClick={() => void copy()}>
      <Icon aria-hidden="true" />
      {t('liveassist.copy')}
    </button>
  );
}
