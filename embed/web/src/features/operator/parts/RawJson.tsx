import { ClipboardCheck, ClipboardCopy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useToast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { useTexts } from '../texts';
import styles from './RawJson.module.css';

/** A document as it is, to be read and copied. */
export function RawJson({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <div className={styles.raw}>
      {/* It scrolls, so the keyboard must reach it. */}
      {/* eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}

function CopyButton({ text }: { text: string }) {
  const { t } = useTexts();
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
      toast(t('copied'));
    } catch {
      toast(t('copyFailed'), { tone: 'warn' });
    }
  };
  const Icon = done ? ClipboardCheck : ClipboardCopy;
  return (
    <Button size="small" icon={<Icon aria-hidden="true" />} onClick={() => void copy()}>
      {t('copyJson')}
    </Button>
  );
}
