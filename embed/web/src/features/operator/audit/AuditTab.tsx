import { X } from 'lucide-react';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { ACTIONS } from '../model';
import { Downloads } from '../parts/Downloads';
import { List } from '../parts/List';
import { Select } from '../parts/Select';
import { useAddress } from '../parts/useAddress';
import { useAudit } from '../queries';
import { useTexts } from '../texts';
import { AuditLine } from './AuditList';
import styles from './AuditTab.module.css';

/** Everything that operators did, the newest first. Nothing of it can be changed. */
export function AuditTab() {
  const { t } = useTexts();
  const { get, filter } = useAddress();
  const query = {
    action: get('action') || undefined,
    userId: get('userId') || undefined,
    operatorId: get('operatorId') || undefined,
  };
  const list = useAudit(query);
  return (
    <div className={styles.audit}>
      <div className={styles.filters}>
        <Select
          label={t('action')}
          value={get('action')}
          onChange={(action) => filter({ action })}
          options={[['', t('allActions')], ...ACTIONS.map((a) => [a, t(`action_${a}`)] as const)]}
        />
        {(query.userId ?? query.operatorId) && (
          <Button
            icon={<X aria-hidden="true" />}
            onClick={() => filter({ userId: '', operatorId: '' })}
          >
            {t('everybody')}
          </Button>
        )}
      </div>
      <List
        label={t('tab_audit')}
        list={list}
        row={(entry) => (
          <div className={styles.row}>
            <AuditLine entry={entry} />
          </div>
        )}
        empty={<EmptyState title={t('noAudit')} />}
      />
      <Downloads list="audit" query={query} />
    </div>
  );
}
