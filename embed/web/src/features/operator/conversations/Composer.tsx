import { BookOpen, Send } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, SubmitEvent } from 'react';
import { useAuth } from '@/lib/auth';
import { storage } from '@/lib/storage';
import { IconButton } from '@/ui/IconButton';
import type { Conversation, Standing } from '../model';
import { useTexts } from '../texts';
import { CannedDialog } from './CannedDialog';
import styles from './Composer.module.css';
import { useTypingSign } from './typing';

/** The most characters of one message; the server counts the same. */
const LONGEST = 8_000;

interface Props {
  conversation: Conversation;
  standing: Standing;
  onSend: (text: string) => void;
}

/** Where a reply is written, for who has the conversation; for anybody else, how to get there. */
export function Composer({ conversation, standing, onSend }: Props) {
  const { t } = useTexts();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(conversation.id);
  const [choosing, setChoosing] = useState(false);
  const sign = useTypingSign(conversation.id);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text, standing]);
  if (standing !== 'mine') return <p className={styles.hint}>{t(`toReply_${standing}`)}</p>;

  const over = Array.from(text).length - LONGEST;
  const ready = text.trim() !== '' && over <= 0;
  const send = () => {
    if (!ready) return;
    onSend(text.trim());
    setText('');
    field.current?.focus();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    // On touch keyboards Enter makes a line; with Ctrl or Cmd it always sends.
    const touch = matchMedia('(pointer: coarse)').matches;
    if (touch && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  };
  const choose = (reply: string) => {
    setText(text.trim() ? `${text.trimEnd()}\n\n${reply}` : reply);
    setChoosing(false);
    // After the dialog has given the focus back.
    setTimeout(() => field.current?.focus());
  };

  return (
    <form className={styles.composer} onSubmit={submit}>
      <div className={styles.box}>
        <IconButton
          label={t('canned')}
          icon={<BookOpen aria-hidden="true" />}
          onClick={() => setChoosing(true)}
        />
        <textarea
          ref={field}
          rows={1}
          aria-label={t('reply')}
          aria-invalid={over > 0 || undefined}
          placeholder={t('replyPlaceholder')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (event.target.value.trim()) sign();
          }}
          onKeyDown={onKeyDown}
        />
        <IconButton
          type="submit"
          filled
          label={t('send')}
          icon={<Send aria-hidden="true" />}
          disabled={!ready}
          onPointerDown={(event) => event.preventDefault()}
        />
      </div>
      {over > 0 && (
        <p className={styles.over} role="status">
          {t('tooLong', { over })}
        </p>
      )}
      {choosing && <CannedDialog onChoose={choose} onClose={() => setChoosing(false)} />}
    </form>
  );
}

/** What is being written, kept per conversation over navigation and reloads. */
function useDraft(sessionId: string): [string, (text: string) => void] {
  const userId = useAuth().user?.id ?? '';
  const key = `liveassist.operator.draft.${userId}.${sessionId}`;
  const [text, setText] = useState(() => storage.get(key) ?? '');
  return [
    text,
    (next) => {
      setText(next);
      storage.set(key, next);
    },
  ];
}
