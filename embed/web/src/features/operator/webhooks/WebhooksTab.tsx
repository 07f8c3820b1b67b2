import { useQuery } from '@tanstack/react-query';
import { RefreshCw, Repeat, X } from 'lucide-react';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { addressOf, STATUSES } from '../model';
import type { Webhook, WebhookStatus } from '../model';
import type { Listing } from '../pages';
import { Downloads } from '../parts/Downloads';
import { List, Row } from '../parts/List';
import { SearchField } from '../parts/SearchField';
import { Select } from '../parts/Select';
import { Split } from '../parts/Split';
import { useAddress } from '../parts/useAddress';
import { When } from '../parts/When';
import { overviewQuery, useWebhooks } from '../queries';
import { useTexts } from '../texts';
import { ReplayBadge, StatusBadge } from './badges';
import type { Replay } from './replay';
import { useReplays } from './useReplays';
import styles from './WebhooksTab.module.css';
import { WebhookView } from './WebhookView';

/** Stripe's events, filtered, and one of them. */
export function WebhooksTab() {
  const { t } = useTexts();
  const { get, filter, id } = useAddress();
  const query = {
    status: STATUSES.find((s) => s === get('status')),
    type: get('type') || undefined,
    userId: get('userId') || undefined,
  };
  const list = useWebhooks(query);
  const { replays, replay } = useReplays();
  return (
    <Split
      selected={id}
      back={addressOf('webhooks', query)}
      hint={t('pickWebhook')}
      list={
        <>
          <div className={styles.filters}>
            <Select<WebhookStatus>
              label={t('status')}
              value={get('status')}
              onChange={(status) => filter({ status })}
              options={[
                ['', t('allStatuses')],
                ...STATUSES.map((s) => [s, t(`status_${s}`)] as const),
              ]}
            />
            <SearchField
              label={t('type')}
              hint={t('typeHint')}
              value={get('type')}
              onChange={(type) => filter({ type })}
            />
          </div>
          <div className={styles.actions}>
            {query.userId && (
              <Button
                size="small"
                icon={<X aria-hidden="true" />}
                onClick={() => filter({ userId: '' })}
              >
                {t('everybody')}
              </Button>
            )}
            <ReplayAll list={list} replay={replay} />
            <Button
              size="small"
              variant="ghost"
              icon={<RefreshCw aria-hidden="true" />}
              onClick={list.retry}
            >
              {t('refresh')}
            </Button>
          </div>
          <List
            label={t('tab_webhooks')}
            list={list}
            row={(webhook) => (
              <WebhookRow
                webhook={webhook}
                to={addressOf('webhooks', { ...query, id: webhook.id })}
                selected={webhook.id === id}
                replay={replays.get(webhook.id)}
              />
            )}
            empty={<NoWebhooks filtered={Boolean(query.type ?? query.userId)} {...query} />}
          />
          <Downloads list="webhooks" query={query} />
        </>
      }
      detail={
        id && (
          <WebhookView
            key={id}
            webhookId={id}
            replay={replays.get(id)}
            onReplay={() => replay([id])}
          />
        )
      }
    />
  );
}

interface RowProps {
  webhook: Webhook;
  to: string;
  selected: boolean;
  replay: Replay | undefined;
}

function WebhookRow({ webhook, to, selected, replay }: RowProps) {
  const { t } = useTexts();
  return (
    <Row
      to={to}
      title={webhook.type}
      selected={selected}
      badge={replay ? <ReplayBadge replay={replay} /> : <StatusBadge status={webhook.status} />}
      facts={[
        <When key="c" at={webhook.createdAt} exact />,
        webhook.user && <span key="u">{webhook.user.email || t('goneAccount')}</span>,
        webhook.times > 1 && <span key="t">{t('cameTimes', { n: webhook.times })}</span>,
        webhook.status !== 'processed' && webhook.why && <span key="w">{webhook.why}</span>,
      ]}
    />
  );
}

/** Has all listed events taken up again that could not be booked, the oldest first. */
function ReplayAll({ list, replay }: { list: Listing<Webhook>; replay: (ids: string[]) => void }) {
  const { t } = useTexts();
  const parked = list.items?.filter((w) => w.status === 'parked') ?? [];
  if (parked.length < 2) return null;
  return (
    <Button
      size="small"
      icon={<Repeat aria-hidden="true" />}
      onClick={() => replay(parked.map((w) => w.id).reverse())}
    >
      {t('replayAll', { n: parked.length })}
    </Button>
  );
}

/** Nothing to do, nothing found, and nothing ever came are three different things. */
function NoWebhooks({
  status,
  filtered,
}: {
  status?: WebhookStatus | undefined;
  filtered: boolean;
}) {
  const { t, formatDate } = useTexts();
  const newest = useQuery(overviewQuery).data?.newest_webhook_at;
  if (newest === null) {
    return <EmptyState title={t('noWebhookEver')}>{t('noWebhookEverText')}</EmptyState>;
  }
  if (status === 'parked' && !filtered) {
    return (
      <EmptyState title={t('noUnprocessed')}>
        {newest &&
          t('newestWebhook', {
            when: formatDate(newest, { dateStyle: 'medium', timeStyle: 'short' }),
          })}
      </EmptyState>
    );
  }
  return <EmptyState title={t('noWebhooks')}>{t('noWebhooksText')}</EmptyState>;
}
