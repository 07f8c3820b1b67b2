import { useEffect, useState } from 'react';
import { useI18n } from '@/lib/i18n';
import type { Row } from '@/lib/outbox';
import { Spinner } from '@/ui/Spinner';
import styles from './Offer.module.css';

/** Milliseconds that a photo may take to be made ready before nothing is said of it any more. */
const PATIENCE = 5_000;

interface Props {
  photos: readonly Row[];
  /** One was just picked, and may still be made ready: its room is kept. */
  expected: boolean;
}

/** The photo that waits, so that nobody wonders whether it is still there. */
export function PhotoReady({ photos, expected }: Props) {
  const { t } = useI18n();
  const waiting = useAWhile(expected);
  const [first] = photos;
  if (!first && !waiting) return null;
  return (
    <div className={styles.photo}>
      {first?.file ? <Thumbnail key={first.id} blob={first.file.blob} /> : <Spinner />}
      <p>
        {first ? t('billing.photoReady', { count: photos.length }) : t('billing.photoPreparing')}
      </p>
    </div>
  );
}

/** Decoration: the words beside it say what it is. */
function Thumbnail({ blob }: { blob: Blob }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url ? <img src={url} alt="" /> : null;
}

function useAWhile(wanted: boolean): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return wanted && !over;
}
