import { Mark } from '@/ui/Logo';
import { useI18n } from '@/lib/i18n';
import styles from './ConversationPicture.module.css';
import { TapPhoto } from './TapPhoto';

/** A conversation as it looks in the app, drawn with the app's own means: one picture, one name. */
export function ConversationPicture() {
  const { t } = useI18n();
  return (
    <div className={styles.frame} role="img" aria-label={t('home.pictureLabel')}>
      <div className={styles.inner} aria-hidden="true">
        <div className={styles.own}>
          <TapPhoto />
          <p>{t('home.picAsk')}</p>
        </div>
        <div className={styles.row}>
          <Mark />
          <div className={styles.reply}>
            <p>{t('home.picReply')}</p>
            <ol>
              <li>{t('home.picStep1')}</li>
              <li>{t('home.picStep2')}</li>
              <li>{t('home.picStep3')}</li>
            </ol>
          </div>
        </div>
        <div className={styles.own}>
          <p>{t('home.picDone')}</p>
        </div>
      </div>
    </div>
  );
}
