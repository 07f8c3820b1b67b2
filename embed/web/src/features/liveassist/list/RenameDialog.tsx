import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SubmitEvent } from 'react';
import { api, call } from '@/api';
import type { Conversation } from '@/api';
import { useAction } from '@/lib/action';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { keys } from '@/lib/queries';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import styles from './Conversations.module.css';

/** The longest name, as the server has it. */
const LONGEST = 120;

interface Props {
  id: string;
  title: string;
  onClose: () => void;
}

/** Gives a conversation another name. */
export function RenameDialog({ id, title, onClose }: Props) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [name, setName] = useState(title);
  const [missing, setMissing] = useState(false);
  const rename = useAction(async (to: string) => {
    const path = '/api/liveassist/sessions/{sessionId}';
    const params = { path: { sessionId: id } };
    const now = await call(api.PATCH(path, { params, body: { title: to } }));
    client.setQueryData<Conversation>(keys.conversation(id), now);
    void client.invalidateQueries({ queryKey: keys.sessions });
    onClose();
  });

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setMissing(!name.trim());
    if (name.trim()) rename.run(name.trim());
  };
  const problem = rename.error ? describe(rename.error, t) : undefined;
  return (
    <Dialog open onClose={onClose} title={t('liveassist.renameTitle')}>
      <form className={styles.rename} onSubmit={submit}>
        <Field
          label={t('liveassist.nameLabel')}
          value={name}
          maxLength={LONGEST}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
          error={missing ? t('liveassist.nameMissing') : problem}
        />
        <Button type="submit" variant="primary" busy={rename.pending}>
          {t('liveassist.save')}
        </Button>
      </form>
    </Dialog>
  );
}
