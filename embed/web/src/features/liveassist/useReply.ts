import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, call } from '@/api';
import type { Conversation } from '@/api';
import { useI18n } from '@/lib/i18n';
import { keys } from '@/lib/queries';
import { useToast } from '@/lib/toast';
import type { Entry } from './entries';

/** Milliseconds without an answer after which "still working" is said, and after which it is over. */
const STILL = 30_000;
const OVER = 90_000;

/** Milliseconds by which the clocks of the server and this device may differ. */
const SKEW = 5_000;

export interface Reply {
  state: 'none' | 'waiting' | 'writing' | 'still' | 'failed';
  /** What is written of it so far. */
  text: string;
  tryAgain: () => void;
}

/**
 * Whether a reply is being written. Pieces of it come by the stream; before the first one, a reply
 * is expected where replies come by themselves: to what was said while this page is open, and to
 * what the server says is on its way.
 */
export function useReply(
  sessionId: string | null,
  entries: readonly Entry[],
  standing: Conversation | undefined,
): Reply {
  const text = Object.values(useWriting(sessionId)).join('\n\n');
  const question = entries.findLast((e) => e.row === null);
  const asked = question?.role === 'user' ? question : null;
  const [tries, setTries] = useState(0);
  const [opened] = useState(() => Date.now());
  const age = useAge(asked?.id, text, tries);
  const retry = useRetry(sessionId, () => setTries((n) => n + 1));

  const tryAgain = () => {
    if (asked) void retry(asked.id);
  };
  return { state: stateOf(), text, tryAgain };

  function stateOf(): Reply['state'] {
    if (asked && standing?.failed.some((f) => f.id === asked.id)) return 'failed';
    if (!text && !(asked && due(asked))) return 'none';
    if (age === 'over') return asked ? 'failed' : 'none';
    if (age === 'still') return 'still';
    return text ? 'writing' : 'waiting';
  }

  function due({ id, at }: Entry): boolean {
    if (!standing?.assistant) return false;
    return at >= opened - SKEW || standing.pending.includes(id);
  }
}

/** Lets the server try a reply again; one that is on its way stays as it is. */
function useRetry(sessionId: string | null, onTried: () => void) {
  const client = useQueryClient();
  const toast = useToast();
  const { t } = useI18n();
  return async (messageId: string) => {
    if (!sessionId) return;
    const params = { path: { sessionId, messageId } };
    const path = '/api/liveassist/sessions/{sessionId}/messages/{messageId}/retry';
    try {
      const standing = await call(api.POST(path, { params }));
      client.setQueryData<Conversation>(keys.conversation(sessionId), standing);
      onTried();
    } catch {
      toast(t('liveassist.retryFailed'), { tone: 'warn' });
    }
  };
}

/** How long the question, or the last piece of its reply, has been without news. */
function useAge(id: string | undefined, text: string, tries: number): 'fresh' | 'still' | 'over' {
  const [age, setAge] = useState<'fresh' | 'still' | 'over'>('fresh');
  useEffect(() => {
    setAge('fresh');
    if (!id && !text) return;
    const still = setTimeout(() => setAge('still'), STILL);
    const over = setTimeout(() => setAge('over'), OVER);
    return () => {
      clearTimeout(still);
      clearTimeout(over);
    };
  }, [id, text, tries]);
  return age;
}

/** Replies being written: a part of the cache that only live events fill. */
function useWriting(sessionId: string | null): Record<string, string> {
  const { data } = useQuery<Record<string, string>>({
    queryKey: keys.writing(sessionId ?? ''),
    queryFn: () => ({}),
    initialData: {},
    staleTime: Infinity,
  });
  return data;
}
