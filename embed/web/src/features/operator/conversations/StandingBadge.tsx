import { Badge } from '@/ui/Badge';
import type { InboxItem, Standing } from '../model';
import { useTexts } from '../texts';

interface Props {
  standing: Standing;
  operator: InboxItem['operator'];
}

const tones = {
  assistant: 'neutral',
  waiting: 'warn',
  mine: 'success',
  theirs: 'info',
  closed: 'neutral',
} as const;

/** Who answers in a conversation, in words and colour. */
export function StandingBadge({ standing, operator }: Props) {
  const { t } = useTexts();
  return (
    <Badge tone={tones[standing]}>
      {standing === 'theirs'
        ? t('standing_theirs', { name: [operator?.name].find(Boolean) ?? t('anOperator') })
        : t(`standing_${standing}`)}
    </Badge>
  );
}
