import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { useTitle } from '@/lib/title';
import { Button } from '@/ui/Button';
import { OfflinePicture } from '@/ui/illustrations';
import styles from './Message.module.css';

/** The server did not say who is signed in, so what may be shown is not known. */
export default function Unreachable() {
  const { t } = useI18n();
  const { retry } = useAuth();
  useTitle(t('app.unreachableTitle'));
  return (
    <div className={styles.message}>
      <OfflinePicture />
      <h1 tabIndex={-1}>{t('app.unreachableTitle')}</h1>
      <p>{t('app.unreachableText')}</p>
      <Button variant="primary" onClick={retry}>
        {t('app.tryAgain')}
      </Button>
    </div>
  );
}
