import { Frown, Smile } from 'lucide-react';
import { useAuth } from '@/lib/auth';
import { nameOf, plain, standingOf } from '../model';
import type { InboxItem } from '../model';
import { Row } from '../parts/List';
import { Plan } from '../parts/Plan';
import { When } from '../parts/When';
import { useTexts } from '../texts';
import styles from './InboxRow.module.css';
import { StandingBadge } from './StandingBadge';

interface Props {
  item: InboxItem;
  to: string;
  selected: boolean;
}

/** A conversation in the inbox: whose, the last word, and who has it. */
export function InboxRow({ item, to, selected }: Props) {
  const { t } = useTexts();
  const me = useAuth().user?.id ?? '';
  const { person, lastMessage, rated } = item;
  const standing = standingOf(item, me);
  return (
    <Row
      to={to}
      title={nameOf(person)}
      selected={selected}
      badge={<Plan person={person} />}
      facts={[
        <StandingBadge key="s" standing={standing} operator={item.operator} />,
        <When key="w" at={item.waitingSince ?? item.lastActiveAt} />,
        rated.up > 0 && (
          <span key="u" className={styles.rated} title={t('ratedUp', { n: rated.up })}>
            <Smile aria-hidden="true" /> {rated.up}
          </span>
        ),
        rated.down > 0 && (
          <span key="d" className={styles.rated} title={t('ratedDown', { n: rated.down })}>
            <Frown aria-hidden="true" /> {rated.down}
          </span>
        ),
      ]}
    >
      <span className={styles.last}>
        {lastMessage
          ? `${lastMessage.role === 'user' ? '' : `${t(`who_${lastMessage.role}`)}: `}${plain(lastMessage.text) || t('photo')}`
          : t('noMessages')}
      </span>
    </Row>
  );
}
