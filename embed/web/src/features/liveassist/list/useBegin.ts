import { useQueryClient } from '@tanstack/react-query';
import { api, call } from '@/api';
import { useAction } from '@/lib/action';
import { useOutbox } from '@/lib/outbox';
import { keys } from '@/lib/queries';
import { useNavigate } from '@/lib/router';
import { addressOf, usePin } from '../address';
import { emptyOne } from './model';

interface Handlers {
  onDone: () => void;
  onError: (error: Error) => void;
}

/** Opens a new conversation: one in which nothing was said yet, else one that it begins. */
export function useBegin(current: string | null, { onDone, onError }: Handlers) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const pin = usePin(current);
  const outbox = useOutbox();
  return useAction(async () => {
    // Before it is asked: what was on its way by then may be in neither afterwards.
    const rows = outbox?.snapshot().rows ?? [];
    // Asked anew: the list on the screen may be older than the last message.
    const sessions = await call(api.GET('/api/liveassist/sessions'));
    const empty = emptyOne(sessions, rows);
    const id = empty?.id ?? (await call(api.POST('/api/liveassist/sessions'))).sessionId;
    void client.invalidateQueries({ queryKey: keys.sessions });
    if (id !== current) {
      pin();
      navigate(addressOf(id));
    }
    onDone();
  }, onError);
}
