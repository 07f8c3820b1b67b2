import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useConnection } from '@/lib/connection';
import { useI18n } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import styles from './Bars.module.css';
import { checkForUpdate, updates } from './update';

/** Offers a new version. Each return of the stream is a moment at which one may have come. */
export function UpdateBar() {
  const { t } = useI18n();
  const ready = useSyncExternalStore(updates.subscribe, updates.ready);
  const [later, setLater] = useState(false);
  useCheckOnReturn();
  if (!ready || later) return null;
  return (
    <Banner
      className={styles.update}
      live="status"
      action={
        <>
          <Button size="small" variant="primary" onClick={() => location.reload()}>
            {t('app.reload')}
          </Button>
          <Button size="small" variant="ghost" onClick={() => setLater(true)}>
            {t('app.later')}
          </Button>
        </>
      }
    >
      {t('app.updateReady')}
    </Banner>
  );
}

function useCheckOnReturn() {
  const connection = useConnection();
  const wasLost = useRef(false);
  useEffect(() => {
    if (connection === 'lost') wasLost.current = true;
    if (connection !== 'open' || !wasLost.current) return;
    wasLost.current = false;
    void checkForUpdate();
  }, [connection]);
}
