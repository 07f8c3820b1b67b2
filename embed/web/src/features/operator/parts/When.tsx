import { useTexts } from '../texts';

interface Props {
  at: string;
  /** With seconds, where the order of things within a minute matters. */
  exact?: boolean;
}

/** A moment in the reader's own time zone; what UTC says is in its tooltip. */
export function When({ at, exact = false }: Props) {
  const { formatDate } = useTexts();
  const date = new Date(at);
  const thisYear = date.getFullYear() === new Date().getFullYear();
  return (
    <time dateTime={at} title={at}>
      {formatDate(date, {
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
        ...(thisYear ? {} : { year: 'numeric' }),
        ...(exact ? { second: '2-digit' } : {}),
      })}
    </time>
  );
}
