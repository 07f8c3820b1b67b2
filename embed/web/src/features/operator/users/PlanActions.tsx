import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { api, call } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { newId } from '@/lib/id';
import { useToast } from '@/lib/toast';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { nameOf } from '../model';
import type { Person, PersonDetail } from '../model';
import { keys } from '../queries';
import { useTexts } from '../texts';
import { useAction } from '../useAction';
import { endOfDay, inDays } from './dates';
import styles from './PlanActions.module.css';

/** The longest reason that the server keeps. */
const LONGEST_REASON = 500;

/** Premium by hand: given until a day, or ended. Both want a reason, which the audit log keeps. */
export function PlanActions({ user }: { user: Person }) {
  const { t } = useTexts();
  const [open, setOpen] = useState<'grant' | 'end' | null>(null);
  const close = () => setOpen(null);
  return (
    <div className={styles.actions}>
      <Button size="small" onClick={() => setOpen('grant')}>
        {t('grant')}
      </Button>
      {user.subscription_status === 'paid' && (
        <Button size="small" onClick={() => setOpen('end')}>
          {t('end')}
        </Button>
      )}
      {open === 'grant' && <Grant user={user} onClose={close} />}
      {open === 'end' && <End user={user} onClose={close} />}
    </div>
  );
}

interface FormProps {
  user: Person;
  onClose: () => void;
}

function Grant({ user, onClose }: FormProps) {
  const { t } = useTexts();
  const [now] = useState(Date.now);
  const [day, setDay] = useState(() => inDays(now, 31));
  const [reason, setReason] = useState('');
  // One id for one dialog: a second press after a lost answer gives nothing twice.
  const [id] = useState(newId);
  const until = endOfDay(day);
  const form = useForm(user, onClose, t('granted'), (path) =>
    call(
      api.POST('/api/operator/users/{userId}/premium', {
        params: { path },
        body: { until: until ?? '', reason: reason.trim(), id },
      }),
    ),
  );
  return (
    <PlanDialog
      {...form}
      title={t('grantTitle', { name: nameOf(user) })}
      text={t('grantText')}
      confirm={t('grant')}
      ready={until !== null && reason.trim() !== ''}
      onClose={onClose}
    >
      <Field
        type="date"
        label={t('until')}
        required
        value={day}
        min={inDays(now, 1)}
        max={inDays(now, 3650)}
        onChange={(event) => setDay(event.target.value)}
      />
      <Reason value={reason} onChange={setReason} />
    </PlanDialog>
  );
}

function End({ user, onClose }: FormProps) {
  const { t } = useTexts();
  const [reason, setReason] = useState('');
  const form = useForm(user, onClose, t('ended_done'), (path) =>
    call(
      api.POST('/api/operator/users/{userId}/premium/end', {
        params: { path },
        body: { reason: reason.trim() },
      }),
    ),
  );
  return (
    <PlanDialog
      {...form}
      title={t('endTitle', { name: nameOf(user) })}
      text={t('endText')}
      confirm={t('end')}
      danger
      ready={reason.trim() !== ''}
      onClose={onClose}
    >
      <Reason value={reason} onChange={setReason} />
    </PlanDialog>
  );
}

/** What both dialogs do with the answer: it is how the person stands then. */
function useForm(
  user: Person,
  onClose: () => void,
  done: string,
  send: (path: { userId: string }) => Promise<PersonDetail>,
) {
  const client = useQueryClient();
  const toast = useToast();
  const action = useAction(async () => {
    client.setQueryData<PersonDetail>(keys.user(user.id), await send({ userId: user.id }));
    void client.invalidateQueries({ queryKey: keys.users });
    void client.invalidateQueries({ queryKey: keys.overview });
    void client.invalidateQueries({ queryKey: keys.evidence(user.id) });
    void client.invalidateQueries({ queryKey: keys.audit });
    toast(done, { tone: 'success' });
    onClose();
  });
  return { busy: action.busy, error: action.error, onConfirm: () => void action.run() };
}

function Reason({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTexts();
  return (
    <Field
      label={t('reason')}
      hint={t('reasonHint')}
      required
      maxLength={LONGEST_REASON}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface DialogProps {
  title: string;
  text: string;
  confirm: string;
  danger?: boolean;
  ready: boolean;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

function PlanDialog({ title, text, confirm, danger, ready, children, ...form }: DialogProps) {
  const { t: common } = useI18n();
  return (
    <Dialog open onClose={form.onClose} title={title}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) form.onConfirm();
        }}
      >
        <p>{text}</p>
        {children}
        {form.error !== null && (
          <Banner tone="danger" live="alert">
            {describe(form.error, common)}
          </Banner>
        )}
        <Button
          type="submit"
          variant={danger ? 'danger' : 'primary'}
          busy={form.busy}
          disabled={!ready}
        >
          {confirm}
        </Button>
      </form>
    </Dialog>
  );
}
