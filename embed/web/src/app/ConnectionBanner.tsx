import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useConnection, useOnline } from '@/lib/connection';
import { useI18n } from '@/lib/i18n';
import styles from './Bars.module.css';

/** Milliseconds of absence before it is worth a word: a stream that turns over takes less. */
const PATIENCE = 1_000;

/** The same for a first connection, which may have to wait for a slow network. */
const FIRST_PATIENCE = 5_000;

/** Says that live news do not come at the moment. The region is always there, to be listened to. */
export function ConnectionBanner() {
  const { t } = useI18n();
  const online = useOnline();
  const absent = useAbsence();
  return (
    <div role="status" className={styles.connection} data-print="no">
      {absent && (
        <p>
          <WifiOff aria-hidden="true" />
          {online ? t('app.reconnecting') : t('app.offline')}
        </p>
      )}
    </div>
  );
}

function useAbsence(): boolean {
  const connection = useConnection();
  const [absent, setAbsent] = useState(false);
  const missing = connection === 'lost' || connection === 'connecting';
  const patience = connection === 'lost' ? PATIENCE : FIRST_PATIENCE;
  useEffect(() => {
    if (!missing) return;
    const timer = setTimeout(() => setAbsent(true), patience);
    return () => clearTimeout(timer);
  }, [missing, patience]);
  useEffect(() => {
    if (!missing) setAbsent(false);
  }, [missing]);
  return absent && missing;
}
