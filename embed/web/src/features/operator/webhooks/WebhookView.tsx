import { useQuery } from '@tanstack/react-query';
import { Repeat } from 'lucide-react';
import { ApiError } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { AuditList } from '../audit/AuditList';
import { addressOf } from '../model';
import type { WebhookDetail } from '../model';
import { Facts } from '../parts/Facts';
import { Loaded } from '../parts/Loaded';
import { RawJson } from '../parts/RawJson';
import { When } from '../parts/When';
import { webhookQuery } from '../queries';
import { useTexts } from '../texts';
import { ReplayBadge, StatusBadge } from './badges';
import type { Replay } from './replay';
import styles from './WebhookView.module.css';

interface Props {
  webhookId: string;
  replay: Replay | undefined;
  onReplay: () => void;
}

/** One of Stripe's events as it came, what became of it, and its replay. */
export function WebhookView({ webhookId, replay, onReplay }: Props) {
  const query = useQuery(webhookQuery(webhookId));
  return (
    <Loaded query={query}>
      {(webhook) => <Known webhook={webhook} replay={replay} onReplay={onReplay} />}
    </Loaded>
  );
}

function Known({
  webhook,
  replay,
  onReplay,
}: Pick<Props, 'replay' | 'onReplay'> & { webhook: WebhookDetail }) {
  const { t } = useTexts();
  const { user } = webhook;
  const kept = webhook.raw !== null && webhook.raw !== undefined;
  const busy = replay?.state === 'queued' || replay?.state === 'running';
  return (
    <>
      <h2 className={styles.type}>{webhook.type}</h2>
      <Card title={t('what')} action={<StatusBadge status={webhook.status} />}>
        <Facts
          facts={[
            [t('why'), webhook.why],
            [
              t('waitsFor'),
              webhook.waitsFor.length > 0 && <code>{webhook.waitsFor.join(' ')}</code>,
            ],
            [
              t('person'),
              user && (
                <Link to={addressOf('users', { id: user.id })}>
                  {user.email || t('goneAccount')}
                </Link>
              ),
            ],
            [t('eventId'), <code key="e">{webhook.eventId}</code>],
            [t('checkout'), webhook.sessionId && <code>{webhook.sessionId}</code>],
            [t('came'), <When key="c" at={webhook.createdAt} exact />],
            [t('bookedAt'), webhook.processedAt && <When at={webhook.processedAt} exact />],
            [t('attempts'), webhook.times],
          ]}
        />
        <div className={styles.replay}>
          <Button
            icon={<Repeat aria-hidden="true" />}
            busy={busy}
            disabled={!kept}
            onClick={onReplay}
          >
            {t('replay')}
          </Button>
          <p role="status" className={styles.state}>
            {replay && <ReplayBadge replay={replay} />}
          </p>
        </div>
        {!kept && <p className={styles.note}>{t('bodyGone')}</p>}
        {replay && <ReplayNews replay={replay} />}
      </Card>
      <Card title={t('rawJson')}>
        {kept ? <RawJson value={webhook.raw} /> : <p className={styles.note}>{t('bodyGone')}</p>}
      </Card>
      <Card title={t('tab_audit')}>
        <AuditList entries={webhook.audit} />
      </Card>
    </>
  );
}

/** What a replay came to, in a sentence. */
function ReplayNews({ replay }: { replay: Replay }) {
  const { t } = useTexts();
  const { t: common } = useI18n();
  if (replay.state === 'queued' || replay.state === 'running') return null;
  if (replay.state === 'failed') {
    const { error } = replay;
    const unanswered = !(error instanceof ApiError) || error.status === 0;
    return (
      <Banner tone="danger" live="alert">
        {unanswered
          ? t('replayUnknown')
          : error.code === 'NO_BODY'
            ? t('bodyGone')
            : `${t('replayFailed')} ${describe(error, common)}`}
      </Banner>
    );
  }
  const tone = replay.state === 'parked' ? 'warn' : replay.state === 'ignored' ? 'info' : 'success';
  return (
    <Banner tone={tone} live="status">
      {[
        t(`replayed_${replay.state}`),
        replay.why,
        replay.also > 0 && t('replayedAlso', { n: replay.also }),
      ]
        .filter(Boolean)
        .join(' ')}
    </Banner>
  );
}
