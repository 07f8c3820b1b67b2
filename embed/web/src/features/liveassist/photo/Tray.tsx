import { X } from 'lucide-react';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { useOutbox } from '@/lib/outbox';
import type { Row } from '@/lib/outbox';
import { usePayment } from '@/lib/payment';
import { useUpgrade } from '@/lib/upgrade';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Spinner } from '@/ui/Spinner';
import styles from './Tray.module.css';
import { forget, localUrl } from './urls';

interface Props {
  rows: readonly Row[];
  /** Photos that are being made ready. */
  preparing: number;
}

/** Picked photos: those that wait for Send, and those that wait for their allowance. */
export default function Tray({ rows, preparing }: Props) {
  const { t } = useI18n();
  if (rows.length === 0 && preparing === 0) return null;
  const waiting = rows.filter((r) => r.state !== 'draft');
  return (
    <section className={styles.tray} aria-label={t('liveassist.tray')}>
      <ul role="list" className={styles.photos}>
        {rows.map((row) => (
          <TrayPhoto key={row.id} row={row} />
        ))}
        {preparing > 0 && (
          <li className={styles.preparing}>
            <Spinner />
            <span>{t('liveassist.preparing')}</span>
          </li>
        )}
      </ul>
      {waiting.length > 0 && <WaitingNote paying={waiting.every((r) => r.state === 'paying')} />}
    </section>
  );
}

function TrayPhoto({ row }: { row: Row }) {
  const { t } = useI18n();
  const outbox = useOutbox();
  if (!row.file) return null;
  const remove = () => {
    void outbox?.remove(row.id);
    forget(row.id);
  };
  return (
    <li className={styles.photo} data-state={row.state}>
      <img src={localUrl(row.id, row.file.blob)} alt={row.file.name} />
      <IconButton
        className={styles.remove}
        label={t('liveassist.removePhoto', { name: row.file.name })}
        icon={<X aria-hidden="true" />}
        onClick={remove}
      />
    </li>
  );
}

function WaitingNote({ paying }: { paying: boolean }) {
  const { t, formatTime } = useI18n();
  const { user } = useAuth();
  const { open } = useUpgrade();
  const { pending } = usePayment();
  return (
    <div className={styles.note}>
      <p>
        {paying || pending
          ? t('liveassist.photoPaying')
          : t('liveassist.photoWaits', { time: formatTime(user?.image_reset_at ?? 0) })}
      </p>
      {!pending && (
        <Button
          size="small"
          variant={paying ? 'ghost' : 'primary'}
          onClick={() => open('image-limit')}
        >
          {t('liveassist.upgrade')}
        </Button>
      )}
    </div>
  );
}
