import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useI18n } from '@/lib/i18n';
import { useToast } from '@/lib/toast';
import { QuietButton } from './QuietButton';

/** How long a copy that worked is shown, in milliseconds. */
const SHOWN = 2_000;

interface Props {
  /** What is copied, as it is. */
  text: string;
  /** Without it, the button says that it copies. */
  label?: string | undefined;
}

/** Copies a text, and says whether that worked. */
export function CopyButton({ text, label }: Props) {
  const { t } = useI18n();
  const toast = useToast();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), SHOWN);
    return () => clearTimeout(timer);
  }, [done]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      toast(t('ui.copied'));
    } catch {
      toast(t('ui.copyFailed'), { tone: 'warn' });
    }
  };
  const Icon = done ? Check : Copy;
  return (
    <QuietButton onClick={() => void copy()}>
      <Icon aria-hidden="true" />
      {label ?? t('ui.copy')}
    </QuietButton>
  );
}
