import { useQuery } from '@tanstack/react-query';
import { Database, Radio, Trophy, UserCog, Webhook } from 'lucide-react';
import { api, call } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { LoadFailed } from '@/ui/LoadFailed';
import { Skeleton } from '@/ui/Skeleton';
import { ACTIONS, addressOf, nameOf, summaryOf } from '../model';
import { usePages } from '../pages';
import { RawJson } from '../parts/RawJson';
import { When } from '../parts/When';
import { keys, userQuery } from '../queries';
import { useTexts } from '../texts';
import { StatusBadge } from '../webhooks/badges';
import { newestFirst } from './line';
import type { Entry } from './line';
import styles from './TimeLine.module.css';

const ICONS = { audit: UserCog, webhook: Webhook, user: Database, event: Radio, xp: Trophy };

/** One person's time line: the oldest at the top, as a story is told. */
export function TimeLine({ userId }: { userId: string }) {
  const { t } = useTexts();
  const { t: common } = useI18n();
  const person = useQuery(userQuery(userId)).data?.user;
  const line = usePages<Entry>(keys.evidence(userId), async (after) =>
    newestFirst(
      await call(
        api.GET('/api/operator/users/{userId}/evidence', {
          params: { path: { userId }, query: { after } },
        }),
      ),
    ),
  );
  return (
    <>
      <h2 className={styles.person}>
        <Link to={addressOf('users', { id: userId })}>{person ? nameOf(person) : userId}</Link>
      </h2>
      <div className={styles.actions}>
        <Link to={addressOf('evidence')}>{t('anotherPerson')}</Link>
        <Button size="small" variant="ghost" onClick={line.retry}>
          {t('refresh')}
        </Button>
      </div>
      {line.error ? (
        <LoadFailed onRetry={line.retry}>{describe(line.error, common)}</LoadFailed>
      ) : !line.items ? (
        <Skeleton lines={8} />
      ) : line.items.length === 0 ? (
        <EmptyState title={t('noEvidence')} />
      ) : (
        <>
          {line.more && (
            <Button size="small" onClick={line.more} busy={line.loadingMore}>
              {t('olderEvidence')}
            </Button>
          )}
          <ol data-plain role="list" className={styles.line} aria-label={t('timeLine')}>
            {[...line.items].reverse().map((entry) => (
              <li key={entry.id}>
                <Item entry={entry} />
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function Item({ entry }: { entry: Entry }) {
  const { t } = useTexts();
  const { kind, ref, title, at, docs } = entry;
  const Icon = ICONS[kind];
  const summary = summaryOf(entry.data);
  const status = (['processed', 'ignored', 'parked'] as const).find((s) => s === entry.status);
  const action = ACTIONS.find((a) => a === title);
  return (
    <div className={styles.entry}>
      <span className={styles.mark} data-kind={kind}>
        <Icon aria-hidden="true" />
      </span>
      <div className={styles.words}>
        <p className={styles.facts}>
          <span>{t(`kind_${kind}`)}</span>
          <When at={at} exact />
        </p>
        <p className={styles.title}>
          {kind === 'webhook' ? (
            <Link to={addressOf('webhooks', { id: ref })}>{title}</Link>
          ) : (
            <strong>{kind === 'audit' && action ? t(`action_${action}`) : title}</strong>
          )}
          {status && <StatusBadge status={status} />}
        </p>
        {kind !== 'webhook' && summary && <p className={styles.summary}>{summary}</p>}
        {docs.length > 0 && (
          <p className={styles.docs}>
            {t('mirrored')}{' '}
            {docs.map((doc) => (
              <code key={doc}>{doc} </code>
            ))}
          </p>
        )}
        <details>
          <summary>{t('rawJson')}</summary>
          <RawJson value={{ ...entry, id: ref, ref: undefined }} />
        </details>
      </div>
    </div>
  );
}
