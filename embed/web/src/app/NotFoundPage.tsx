import { useI18n } from '@/lib/i18n';
import { useTitle } from '@/lib/title';
import { ButtonLink } from '@/ui/Button';
import { NotFoundPicture } from '@/ui/illustrations';
import styles from './Message.module.css';

export default function NotFoundPage() {
  const { t } = useI18n();
  useTitle(t('app.notFoundTitle'));
  return (
    <div className={styles.message}>
      <NotFoundPicture />
      <h1 tabIndex={-1}>{t('app.notFoundTitle')}</h1>
      <p>{t('app.notFoundText')}</p>
      <ButtonLink variant="primary" to="/">
        {t('app.backHome')}
      </ButtonLink>
    </div>
  );
}
