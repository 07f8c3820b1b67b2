import { Link } from '@/lib/router';
import { addressOf, ACTIONS } from '../model';
import type { AuditEntry } from '../model';
import { When } from '../parts/When';
import { useTexts } from '../texts';
import styles from './AuditList.module.css';

/** What operators did, as a list of sentences. */
export function AuditList({ entries }: { entries: readonly AuditEntry[] }) {
  const { t } = useTexts();
  if (entries.length === 0) return <p className={styles.none}>{t('noAudit')}</p>;
  return (
    <ul data-plain role="list" className={styles.list}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <AuditLine entry={entry} />
        </li>
      ))}
    </ul>
  );
}

/** One thing that an operator did: what, about whom, why, by whom, when. */
export function AuditLine({ entry }: { entry: AuditEntry }) {
  const { t } = useTexts();
  const { action, operator, user, subject, reason, at } = entry;
  const known = ACTIONS.some((a) => a === action);
  const detail = Object.keys(entry.detail).length > 0 ? JSON.stringify(entry.detail) : '';
  return (
    <div className={styles.line}>
      <p className={styles.what}>
        <strong>{known ? t(`action_${action}`) : action}</strong>
        {user && (
          <Link to={addressOf('users', { id: user.id })}>{user.email || t('goneAccount')}</Link>
        )}
      </p>
      {reason && <p>{reason}</p>}
      {detail && <code className={styles.detail}>{detail}</code>}
      <p className={styles.facts}>
        <When at={at} exact />
        <span>{operator ? operator.email || t('goneAccount') : t('commandLine')}</span>
        {subject && <Subject action={action} subject={subject} />}
      </p>
    </div>
  );
}

/** The id of what it was done to, as a link where there is a page for it. */
function Subject({ action, subject }: Pick<AuditEntry, 'action' | 'subject'>) {
  if (action.startsWith('conversation.'))
    return <Link to={addressOf('conversations', { show: 'all', id: subject })}>{subject}</Link>;
  if (action.startsWith('webhook.'))
    return <Link to={addressOf('webhooks', { id: subject })}>{subject}</Link>;
  return <span>{subject}</span>;
}
