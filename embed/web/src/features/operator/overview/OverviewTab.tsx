import { useQuery } from '@tanstack/react-query';
import { Link } from '@/lib/router';
import { Card } from '@/ui/Card';
import { Inbox } from '../conversations/ConversationsTab';
import { addressOf } from '../model';
import type { Overview } from '../model';
import { Facts } from '../parts/Facts';
import { Loaded } from '../parts/Loaded';
import { RawJson } from '../parts/RawJson';
import { When } from '../parts/When';
import { overviewQuery } from '../queries';
import { useTexts } from '../texts';
import styles from './OverviewTab.module.css';

/** How things stand, and who waits. */
export function OverviewTab() {
  const query = useQuery(overviewQuery);
  const { t } = useTexts();
  return (
    <div className={styles.overview}>
      <Loaded query={query}>{(overview) => <Numbers overview={overview} />}</Loaded>
      <div className={styles.columns}>
        <section className={styles.waiting} aria-labelledby="operator-waiting">
          <h2 id="operator-waiting">{t('show_waiting')}</h2>
          <Inbox show="waiting" />
        </section>
        {query.data && <State overview={query.data} />}
      </div>
    </div>
  );
}

function Numbers({ overview }: { overview: Overview }) {
  const { t, formatNumber } = useTexts();
  const { webhooks } = overview;
  const tiles = [
    ['waiting', overview.waiting, addressOf('conversations', { show: 'waiting' })],
    ['atDesk', overview.at_desk, addressOf('conversations', { show: 'all' })],
    ['parked', webhooks.parked, addressOf('webhooks', { status: 'parked' })],
    ['people', overview.people, addressOf('users')],
    ['paid', overview.paid, null],
    ['messagesToday', overview.messages_today, null],
    ['imagesToday', overview.images_today, null],
    ['streams', overview.streams, null],
  ] as const;
  return (
    <dl className={styles.numbers}>
      {tiles.map(([name, value, to]) => (
        <div key={name} data-alarm={(name === 'parked' && value > 0) || undefined}>
          <dt>{to ? <Link to={to}>{t(`n_${name}`)}</Link> : t(`n_${name}`)}</dt>
          <dd>{formatNumber(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function State({ overview }: { overview: Overview }) {
  const { t, formatNumber } = useTexts();
  const { webhooks, newest_webhook_at: newest } = overview;
  return (
    <Card title={t('state')}>
      <Facts
        facts={[
          [t('newest'), newest ? <When at={newest} /> : t('noWebhookEver')],
          [
            t('unprocessed'),
            webhooks.parked === 0 ? (
              t('noUnprocessed')
            ) : (
              <Link to={addressOf('webhooks', { status: 'parked' })}>
                {formatNumber(webhooks.parked)}
              </Link>
            ),
          ],
          [t('status_processed'), formatNumber(webhooks.processed)],
          [t('status_ignored'), formatNumber(webhooks.ignored)],
          [t('operators'), formatNumber(overview.operators)],
        ]}
      />
      {Object.keys(overview.details).length > 0 && <RawJson value={overview.details} />}
    </Card>
  );
}
