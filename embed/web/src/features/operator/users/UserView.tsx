import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from '@/lib/router';
import { Badge } from '@/ui/Badge';
import { ButtonLink } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { AuditList } from '../audit/AuditList';
import { addressOf, nameOf } from '../model';
import type { Person, PersonDetail } from '../model';
import { Facts } from '../parts/Facts';
import { Loaded } from '../parts/Loaded';
import { Plan } from '../parts/Plan';
import { RawJson } from '../parts/RawJson';
import { When } from '../parts/When';
import { userQuery } from '../queries';
import { useTexts } from '../texts';
import { PlanActions } from './PlanActions';
import { Subscriptions } from './Subscriptions';
import styles from './UserView.module.css';

/** One person: plan, payments, points, conversations, and what operators did. */
export function UserView({ userId }: { userId: string }) {
  const query = useQuery(userQuery(userId));
  return <Loaded query={query}>{(detail) => <Known detail={detail} />}</Loaded>;
}

function Known({ detail }: { detail: PersonDetail }) {
  const { t } = useTexts();
  const { user, subscriptions, sessions, xp, audit } = detail;
  return (
    <>
      <h2 className={styles.name}>{nameOf(user)}</h2>
      <div className={styles.links}>
        <ButtonLink size="small" to={addressOf('evidence', { user: user.id })}>
          {t('tab_evidence')}
        </ButtonLink>
        <ButtonLink size="small" to={addressOf('webhooks', { userId: user.id })}>
          {t('tab_webhooks')}
        </ButtonLink>
      </div>
      <Card title={t('plan')} action={<Plan person={user} />}>
        <PlanFacts user={user} />
        <PlanActions user={user} />
      </Card>
      <Card title={t('person')}>
        <Facts
          facts={[
            [t('email'), user.email],
            [t('role'), user.role === 'operator' ? <Badge>{t('isOperator')}</Badge> : null],
            [t('since'), <When key="s" at={user.createdAt} />],
            ['ID', <code key="i">{user.id}</code>],
            [t('points'), user.xp],
          ]}
        />
      </Card>
      {subscriptions.length > 0 && (
        <Card title={t('subscriptions')}>
          <Subscriptions subscriptions={subscriptions} />
        </Card>
      )}
      {xp.length > 0 && (
        <Card title={t('points')}>
          <Lines>
            {xp.map((event) => (
              <li key={`${event.ts}${event.reason}`}>
                <span>
                  +{event.amount} {event.reason}
                </span>
                <When at={event.ts} />
              </li>
            ))}
          </Lines>
        </Card>
      )}
      <Card title={t('tab_conversations')}>
        {sessions.length === 0 ? (
          <p className={styles.none}>{t('noConversations')}</p>
        ) : (
          <Lines>
            {sessions.map((session) => (
              <li key={session.id}>
                <Link to={addressOf('conversations', { show: 'all', id: session.id })}>
                  {session.title || t('untitled')}
                </Link>
                <When at={session.lastActiveAt} />
              </li>
            ))}
          </Lines>
        )}
      </Card>
      <Card title={t('tab_audit')}>
        <AuditList entries={audit} />
      </Card>
      <details className={styles.raw}>
        <summary>{t('rawJson')}</summary>
        <RawJson value={detail} />
      </details>
    </>
  );
}

function Lines({ children }: { children: ReactNode }) {
  return (
    <ul data-plain role="list" className={styles.lines}>
      {children}
    </ul>
  );
}

function PlanFacts({ user }: { user: Person }) {
  const { t } = useTexts();
  const paid = user.subscription_status === 'paid';
  const until = user.subscription_expiry;
  return (
    <>
      <Facts
        facts={[
          [t(paid ? 'paidUntil' : 'endedAt'), until && <When at={until} />],
          [t('billed'), user.subscription_plan && t(`plan_${user.subscription_plan}`)],
          [
            t('renewal'),
            paid && until ? t(user.subscription_cancels ? 'cancels' : 'renews') : null,
          ],
          [
            t('photos'),
            user.image_limit === null
              ? t('photosUnlimited')
              : t('photosToday', { n: user.image_counter, limit: user.image_limit }),
          ],
        ]}
      />
      {user.subscription_past_due && <Badge tone="warn">{t('pastDue')}</Badge>}
      {user.subscription_payment !== 'none' && (
        <Badge tone={user.subscription_payment === 'failed' ? 'danger' : 'info'}>
          {t(`payment_${user.subscription_payment}`)}
        </Badge>
      )}
    </>
  );
}
