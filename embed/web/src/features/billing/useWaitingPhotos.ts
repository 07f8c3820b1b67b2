import { useOutboxSnapshot } from '@/lib/outbox';
import type { Row } from '@/lib/outbox';

/** Photos that were picked beyond today's allowance and go with Premium. */
export function useWaitingPhotos(): readonly Row[] {
  const { rows } = useOutboxSnapshot();
  return rows.filter((r) => r.file && (r.state === 'limit' || r.state === 'paying'));
}
