import { EmptyState } from '@/ui/EmptyState';
import { Badge } from '@/ui/Badge';
import { addressOf, nameOf } from '../model';
import type { Person } from '../model';
import { Downloads } from '../parts/Downloads';
import { List, Row } from '../parts/List';
import { Plan } from '../parts/Plan';
import { SearchField } from '../parts/SearchField';
import { Split } from '../parts/Split';
import { useAddress } from '../parts/useAddress';
import { When } from '../parts/When';
import { useUsers } from '../queries';
import { useTexts } from '../texts';
import { UserView } from './UserView';

/** Everybody, to be searched, and one person. */
export function UsersTab() {
  const { t } = useTexts();
  const { get, filter, id } = useAddress();
  const q = get('q');
  const list = useUsers(q);
  return (
    <Split
      selected={id}
      back={addressOf('users', { q })}
      hint={t('pickUser')}
      list={
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
            row={(user) => <UserRow user={user} q={q} selected={user.id === id} />}
            empty={<EmptyState title={t('noUsers')}>{t('noUsersText')}</EmptyState>}
          />
          <Downloads list="users" query={{ q }} />
        </>
      }
      detail={id && <UserView key={id} userId={id} />}
    />
  );
}

function UserRow({ user, q, selected }: { user: Person; q: string; selected: boolean }) {
  const { t } = useTexts();
  return (
    <Row
      to={addressOf('users', { q, id: user.id })}
      title={nameOf(user)}
      selected={selected}
      badge={<Plan person={user} />}
      facts={[
        user.name && <span key="e">{user.email}</span>,
        user.role === 'operator' && <Badge key="o">{t('isOperator')}</Badge>,
        <When key="c" at={user.createdAt} />,
      ]}
    />
  );
}
