import { EmptyState } from '@/ui/EmptyState';
import { addressOf, nameOf } from '../model';
import { List, Row } from '../parts/List';
import { Plan } from '../parts/Plan';
import { SearchField } from '../parts/SearchField';
import { useAddress } from '../parts/useAddress';
import { useUsers } from '../queries';
import { useTexts } from '../texts';
import styles from './EvidenceTab.module.css';
import { TimeLine } from './TimeLine';

/** Everything that came about for one person, in one line of time. */
export function EvidenceTab() {
  const { t } = useTexts();
  const { get } = useAddress();
  const user = get('user');
  return (
    <div className={styles.evidence}>
      <p className={styles.lead}>{t('evidenceLead')}</p>
      {user ? <TimeLine key={user} userId={user} /> : <PersonPicker />}
    </div>
  );
}

function PersonPicker() {
  const { t } = useTexts();
  const { get, filter } = useAddress();
  const q = get('q');
  const list = useUsers(q);
  return (
    <>
      <SearchField
        label={t('searchUsers')}
        hint={t('searchUsersHint')}
        value={q}
        onChange={(value) => filter({ q: value })}
      />
      <List
        label={t('tab_users')}
        list={list}
        row={(person) => (
          <Row
            to={addressOf('evidence', { q, user: person.id })}
            title={nameOf(person)}
            badge={<Plan person={person} />}
            facts={[person.name && <span key="e">{person.email}</span>]}
          />
        )}
        empty={<EmptyState title={t('noUsers')}>{t('noUsersText')}</EmptyState>}
      />
    </>
  );
}
