import { Badge } from '@/ui/Badge';
import { Spinner } from '@/ui/Spinner';
import type { WebhookStatus } from '../model';
import { useTexts } from '../texts';
import type { Replay } from './replay';

const statusTone = { processed: 'success', ignored: 'neutral', parked: 'warn' } as const;

/** What became of an event. */
export function StatusBadge({ status }: { status: WebhookStatus }) {
  const { t } = useTexts();
  return <Badge tone={statusTone[status]}>{t(`status_${status}`)}</Badge>;
}

const replayTone = {
  queued: 'info',
  running: 'info',
  processed: 'success',
  duplicate: 'success',
  ignored: 'neutral',
  parked: 'warn',
  failed: 'danger',
} as const;

/** Where a replay stands. */
export function ReplayBadge({ replay }: { replay: Replay }) {
  const { t } = useTexts();
  return (
    <Badge
      tone={replayTone[replay.state]}
      icon={replay.state === 'running' ? <Spinner /> : undefined}
    >
      {t(`replay_${replay.state}`)}
    </Badge>
  );
}
