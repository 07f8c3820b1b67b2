import { useState } from 'react';
import type { User } from '@/api';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { DeleteDialog } from './DeleteDialog';
import styles from './SecurityCard.module.css';
import { useOwnTexts } from './texts';

/** What a person may do with all that is theirs. */
export function DataCard({ user }: { user: User }) {
  const texts = useOwnTexts();
  const [deleting, setDeleting] = useState(false);
  // The browser saves it as it comes: it may be larger than a page should hold.
  const download = () => {
    const link = document.createElement('a');
    link.href = '/api/users/me/export';
    link.download = '';
    link.click();
  };
  return (
    <Card title={texts.data}>
      <p className={styles.muted}>{texts.dataText}</p>
      <div className={styles.actions}>
        <Button onClick={download}>{texts.download}</Button>
        <Button variant="ghost" onClick={() => setDeleting(true)}>
          {texts.deleteAccount}
        </Button>
      </div>
      {deleting && <DeleteDialog user={user} onClose={() => setDeleting(false)} />}
    </Card>
  );
}
