import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useI18n } from '@/lib/i18n';
import { QuietButton } from '@/ui/QuietButton';
import type { Rating } from './useStanding';

interface Props {
  rating: Rating | undefined;
  /** null takes it back. */
  onRate: (value: Rating | null) => void;
}

const choices = [
  { value: 'up', text: 'liveassist.helpful', Icon: ThumbsUp },
  { value: 'down', text: 'liveassist.notHelpful', Icon: ThumbsDown },
] as const;

/** Thumbs up or down for a reply; pressed again it is taken back. */
export function RateButtons({ rating, onRate }: Props) {
  const { t } = useI18n();
  return choices.map(({ value, text, Icon }) => (
    <QuietButton
      key={value}
      aria-label={t(text)}
      title={t(text)}
      aria-pressed={rating === value}
      onClick={() => onRate(rating === value ? null : value)}
    >
      <Icon aria-hidden="true" />
    </QuietButton>
  ));
}
