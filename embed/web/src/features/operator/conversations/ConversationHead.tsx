import { useQueryClient } from '@tanstack/react-query';
import { CheckCheck, Hand, Undo2 } from 'lucide-react';
import { ApiError, api, call } from '@/api';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { addressOf, nameOf } from '../model';
import type { Conversation, Standing } from '../model';
import { Plan } from '../parts/Plan';
import { When } from '../parts/When';
import { keys } from '../queries';
import { useTexts } from '../texts';
import { useAction } from '../useAction';
import styles from './ConversationHead.module.css';
import { StandingBadge } from './StandingBadge';

interface Props {
  conversation: Conversation;
  standing: Standing;
}

/** Whose conversation it is, who has it, and what an operator can do about that. */
export function ConversationHead({ conversation, standing }: Props) {
  const { t } = useTexts();
  const { person } = conversation;
  const desk = useDeskActions(conversation, standing);
  return (
    <header className={styles.head}>
      <div className={styles.person}>
        <h2>
          <Link to={addressOf('users', { id: person.id })}>{nameOf(person)}</Link>
        </h2>
        <Plan person={person} />
        <StandingBadge standing={standing} operator={conversation.operator} />
      </div>
      <p className={styles.facts}>
        <span>{person.email}</span>
        {person.image_limit !== null && (
          <span>{t('photosToday', { n: person.image_counter, limit: person.image_limit })}</span>
        )}
        {person.subscription_expiry && (
          <span>
            {t(person.subscription_status === 'paid' ? 'paidUntil' : 'endedAt')}{' '}
            <When at={person.subscription_expiry} />
          </span>
        )}
        {conversation.waitingSince && (
          <span>
            {t('waitingSince')} <When at={conversation.waitingSince} />
          </span>
        )}
      </p>
      <div className={styles.actions}>
        {standing !== 'mine' && (
          <Button
            size="small"
            variant={standing === 'theirs' ? 'secondary' : 'primary'}
            icon={<Hand aria-hidden="true" />}
            busy={desk.busy}
            onClick={desk.take}
          >
            {standing === 'theirs' && conversation.operator?.name
              ? t('takeFrom', { name: conversation.operator.name })
              : t('take')}
          </Button>
        )}
        {standing === 'mine' && (
          <Button
            size="small"
            icon={<Undo2 aria-hidden="true" />}
            busy={desk.busy}
            onClick={desk.handBack}
          >
            {t('handBack')}
          </Button>
        )}
        {standing !== 'theirs' && standing !== 'closed' && (
          <Button
            size="small"
            icon={<CheckCheck aria-hidden="true" />}
            busy={desk.busy}
            onClick={desk.close}
          >
            {t('close')}
          </Button>
        )}
      </div>
      {desk.error && (
        <Banner tone="danger" live="alert">
          {desk.error}
        </Banner>
      )}
    </header>
  );
}

/** Take over, hand back, close: the answer is what the conversation is then. */
function useDeskActions({ id, operator }: Conversation, standing: Standing) {
  const client = useQueryClient();
  const { t } = useTexts();
  const { t: common } = useI18n();
  const params = { path: { sessionId: id } };
  const action = useAction(async (what: 'take' | 'hand-back' | 'close') => {
    try {
      client.setQueryData<Conversation>(keys.conversation(id), await act(what));
    } catch (error) {
      // Somebody else was faster, so what is shown is old.
      if (error instanceof ApiError && error.kind === 'conflict')
        await client.invalidateQueries({ queryKey: keys.conversation(id) });
      throw error;
    } finally {
      void client.invalidateQueries({ queryKey: keys.inbox });
      void client.invalidateQueries({ queryKey: keys.overview });
    }
  });

  function act(what: 'take' | 'hand-back' | 'close'): Promise<Conversation> {
    switch (what) {
      case 'take': {
        // From whom one saw it with, and from nobody else.
        const body = standing === 'theirs' && operator ? { from: operator.id } : {};
        return call(api.POST('/api/operator/conversations/{sessionId}/take', { params, body }));
      }
      case 'hand-back':
        return call(
          api.POST('/api/operator/conversations/{sessionId}/hand-back', { params, body: {} }),
        );
      case 'close':
        return call(api.POST('/api/operator/conversations/{sessionId}/close', { params }));
    }
  }

  const { error } = action;
  const taken = error instanceof ApiError && (error.code === 'TAKEN' || error.code === 'NOT_TAKEN');
  return {
    busy: action.busy,
    error: error ? (taken ? t('takenMeanwhile') : describe(error, common)) : null,
    take: () => void action.run('take'),
    handBack: () => void action.run('hand-back'),
    close: () => void action.run('close'),
  };
}
