import { CircleAlert, Clock, Pencil, RotateCw, Trash2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useAuth } from '@/lib/auth';
import { useOnline } from '@/lib/connection';
import { ApiError } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { useOutbox } from '@/lib/outbox';
import type { Row } from '@/lib/outbox';
import { Button } from '@/ui/Button';
import styles from './RowState.module.css';

interface Props {
  row: Row;
  progress: number | undefined;
  onEdit: (row: Row) => void;
}

/** Where a message stands on its way to the server, and what can be done about it. */
export function RowState({ row, progress, onEdit }: Props) {
  if (row.state === 'failed') return <Failed row={row} onEdit={onEdit} />;
  if (row.file && row.state === 'sending') return <Uploading row={row} fraction={progress ?? 0} />;
  return <Waiting row={row} onEdit={onEdit} />;
}

function Failed({ row, onEdit }: Pick<Props, 'row' | 'onEdit'>) {
  const { t } = useI18n();
  const outbox = useOutbox();
  const { liveassistSessionId } = useAuth();
  return (
    <div className={styles.failed} role="alert">
      <p>
        <CircleAlert aria-hidden="true" />
        {t('liveassist.failed')} {useReason(row)}
      </p>
      <div className={styles.actions}>
        <Button
          size="small"
          icon={<RotateCw aria-hidden="true" />}
          onClick={() => void outbox?.retry(row.id, liveassistSessionId)}
        >
          {t('liveassist.retry')}
        </Button>
        <Button
          size="small"
          variant="ghost"
          icon={<Pencil aria-hidden="true" />}
          onClick={() => onEdit(row)}
        >
          {t('liveassist.edit')}
        </Button>
        <Remove row={row} />
      </div>
    </div>
  );
}

function useReason(row: Row): string {
  const { t } = useI18n();
  if (!row.error) return '';
  if (row.error.kind === 'not_found') return t('liveassist.conversationGone');
  return describe(new ApiError({ status: 400, ...row.error }), t);
}

function Remove({ row }: { row: Row }) {
  const { t } = useI18n();
  const outbox = useOutbox();
  return (
    <Button
      size="small"
      variant="ghost"
      icon={<Trash2 aria-hidden="true" />}
      onClick={() => void outbox?.remove(row.id)}
    >
      {t('liveassist.remove')}
    </Button>
  );
}

function Uploading({ row, fraction }: { row: Row; fraction: number }) {
  const { t } = useI18n();
  const outbox = useOutbox();
  const percent = Math.round(fraction * 100);
  return (
    <div className={styles.upload}>
      <progress max={1} value={fraction} aria-label={t('liveassist.uploading', { percent })} />
      <span>{percent} %</span>
      <Button
        size="small"
        variant="ghost"
        icon={<X aria-hidden="true" />}
        onClick={() => outbox?.cancel(row.id)}
      >
        {t('liveassist.cancel')}
      </Button>
    </div>
  );
}

/** Milliseconds of waiting before it is worth a word: most messages are there long before. */
const PATIENCE = 600;

function Waiting({ row, onEdit }: Pick<Props, 'row' | 'onEdit'>) {
  const { t } = useI18n();
  const online = useOnline();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  const words = !online
    ? t('liveassist.waitingOffline')
    : row.attempts > 0
      ? t('liveassist.retrying')
      : row.state === 'sending'
        ? t('liveassist.sending')
        : t('liveassist.waiting');
  return (
    <div className={styles.waiting}>
      <p>
        <Clock aria-hidden="true" />
        {words}
      </p>
      {row.state === 'queued' && row.attempts > 0 && (
        <div className={styles.actions}>
          <Button
            size="small"
            variant="ghost"
            icon={<Pencil aria-hidden="true" />}
            onClick={() => onEdit(row)}
          >
            {t('liveassist.edit')}
          </Button>
          <Remove row={row} />
        </div>
      )}
    </div>
  );
}
