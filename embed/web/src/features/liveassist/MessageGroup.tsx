import { Headset, Wrench } from 'lucide-react';
import { memo } from 'react';
import { useI18n } from '@/lib/i18n';
import type { Row } from '@/lib/outbox';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { Bubble } from './Bubble';
import { CopyButton } from './CopyButton';
import { dayName } from './entries';
import type { Entry, Group } from './entries';
import styles from './MessageGroup.module.css';

interface Props {
  group: Group;
  progress: ReadonlyMap<string, number>;
  onEdit: (row: Row) => void;
}

/** What one side said in one go: a mark, the messages, one time. */
export const MessageGroup = memo(
  function MessageGroup({ group, progress, onEdit }: Props) {
    const { formatTime } = useI18n();
    const { role, entries, newDay } = group;
    const first = entries[0];
    const last = entries.at(-1);
    if (!first || !last) return null;
    return (
      <>
        {newDay && <DayLine at={first.at} />}
        <div className={role === 'user' ? styles.own : styles.reply}>
          {role !== 'user' && <Mark role={role} />}
          <div className={styles.messages}>
            {entries.map((entry) => (
              <Message
                key={entry.id}
                entry={entry}
                progress={progress.get(entry.id)}
                onEdit={onEdit}
              />
            ))}
            <div className={styles.foot}>
              {!last.row && (
                <time dateTime={new Date(last.at).toISOString()}>{formatTime(last.at)}</time>
              )}
              {role !== 'user' && <CopyButton text={entries.map((e) => e.text).join('\n\n')} />}
            </div>
          </div>
        </div>
      </>
    );
  },
  (a, b) =>
    a.group.newDay === b.group.newDay &&
    a.onEdit === b.onEdit &&
    a.group.entries.length === b.group.entries.length &&
    a.group.entries.every((entry, i) => entry === b.group.entries[i]) &&
    a.group.entries.every((entry) => a.progress.get(entry.id) === b.progress.get(entry.id)),
);

interface MessageProps {
  entry: Entry;
  progress: number | undefined;
  onEdit: (row: Row) => void;
}

function Message({ entry, progress, onEdit }: MessageProps) {
  const { t } = useI18n();
  const who = {
    user: t('liveassist.you'),
    assistant: t('liveassist.assistant'),
    operator: t('liveassist.operator'),
  };
  return (
    <article className={styles.message}>
      <VisuallyHidden>{who[entry.role]}: </VisuallyHidden>
      <Bubble entry={entry} progress={progress} onEdit={onEdit} />
    </article>
  );
}

/** Beside replies: a tool for the assistant, a headset for a person. */
function Mark({ role }: { role: 'assistant' | 'operator' }) {
  const { t } = useI18n();
  const Icon = role === 'operator' ? Headset : Wrench;
  return (
    <span
      className={role === 'operator' ? styles.person : styles.mark}
      title={t(`liveassist.${role}`)}
    >
      <Icon aria-hidden="true" />
    </span>
  );
}

function DayLine({ at }: { at: number }) {
  const { t, formatDate } = useI18n();
  const name = dayName(at, Date.now());
  const thisYear = new Date(at).getFullYear() === new Date().getFullYear();
  const date = formatDate(new Date(at), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(thisYear ? {} : { year: 'numeric' }),
  });
  return <p className={styles.day}>{name === 'date' ? date : t(`liveassist.${name}`)}</p>;
}
