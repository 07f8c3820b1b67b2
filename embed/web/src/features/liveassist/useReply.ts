import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useOutbox } from '@/lib/outbox';
import { keys } from '@/lib/queries';
import type { Entry } from './entries';

/** Milliseconds without an answer after which "still working" is said, and after which it is over. */
const STILL = 30_000;
const OVER = 90_000;

export interface Reply {
  state: 'none' | 'waiting' | 'writing' | 'still' | 'failed';
  /** What is written of it so far. */
  text: string;
  askAgain: () => void;
}

/**
 * Whether a reply is being written. Pieces of it come by the stream; before the first one, a reply
 * is expected where the assistant has the last word in this conversation so far (a desk with
 * people only would otherwise seem to write for ever).
 */
export function useReply(sessionId: string | null, entries: readonly Entry[]): Reply {
  const outbox = useOutbox();
  const writing = useLive(keys.writing(sessionId ?? ''));
  const unanswered = useLive(keys.unanswered(sessionId ?? ''));
  const text = Object.values(writing).join('\n\n');
  const question = entries.findLast((e) => e.row === null);
  const asked = question?.role === 'user' ? question : null;
  const assisted = entries.findLast((e) => e.role !== 'user')?.role === 'assistant';
  const age = useAge(asked, text);

  const askAgain = () => {
    if (asked) void outbox?.addText(sessionId, asked.text);
  };
  return { state: stateOf(), text, askAgain };

  function stateOf(): Reply['state'] {
    if (asked && unanswered[asked.id] !== undefined) return 'failed';
    const expected = text !== '' || (asked !== null && assisted);
    if (!expected) return 'none';
    if (age === 'over') return asked ? 'failed' : 'none';
    if (age === 'still') return 'still';
    return text ? 'writing' : age === 'old' ? 'none' : 'waiting';
  }
}

/**
 * How long the question has been without news: `old` when it was asked before this page could see
 * it, so that yesterday's question does not seem to be worked on.
 */
function useAge(asked: Entry | null, text: string): 'fresh' | 'still' | 'over' | 'old' {
  const [age, setAge] = useState<'fresh' | 'still' | 'over'>('fresh');
  const [opened] = useState(() => Date.now());
  const id = asked?.id;
  useEffect(() => {
    setAge('fresh');
    if (!id && !text) return;
    const still = setTimeout(() => setAge('still'), STILL);
    const over = setTimeout(() => setAge('over'), OVER);
    return () => {
      clearTimeout(still);
      clearTimeout(over);
    };
  }, [id, text]);
  return asked && !text && asked.at < opened - 5_000 ? 'old' : age;
}

/** A part of the cache that only live events fill. */
function useLive(key: readonly unknown[]): Record<string, string> {
  const { data } = useQuery<Record<string, string>>({
    queryKey: key,
    queryFn: () => ({}),
    initialData: {},
    staleTime: Infinity,
  });
  return data;
}
