import { useI18n } from '@/lib/i18n';
import { useState } from 'react';
import type { User } from '@/api';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { DeleteDialog } from './DeleteDialog';
import styles from './SecurityCard.module.css';

/** What a person may do with all that is theirs. */
export function DataCard({ user }: { user: User }) {
  const { t } = useI18n();
  const [deleting, setDeleting] = useState(false);
  // The browser saves it as it comes: it may be larger than a page should hold.
  const download = () => {
    const link = document.createElement('a');
    link.href = '/api/users/me/export';
    link.download = '';
    link.click();
  };
  return (
    <Card title={t('security.data')}>
      <p className={styles.muted}>{t('security.dataText')}</p>
      <div className={styles.actions}>
        <Button onClick={download}>{t('security.download')}</Button>
        <Button variant="ghost" onClick={() => setDeleting(true)}>
          {t('security.deleteAccount')}
        </Button>
      </div>
      {deleting && <DeleteDialog user={user} onClose={() => setDeleting(false)} />}
    </Card>
  );
}
