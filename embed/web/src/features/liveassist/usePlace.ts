import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useI18n } from '@/lib/i18n';
import { fetchOlder, PAGE } from '@/lib/messages';
import { useSearchParams } from '@/lib/router';
import { useToast } from '@/lib/toast';
import { useAddress } from './address';
import type { Conversation } from './useConversation';

/** Milliseconds for which a place that was searched for is marked. */
const MARKED = 4_000;

/**
 * Goes to the message that the address names, reading back as far as it takes. Gives the message
 * for as long as it is to be marked.
 */
export function usePlace(
  { sessionId, messages, hasOlder, status }: Conversation,
  toMessage: (id: string) => void,
): string | null {
  const client = useQueryClient();
  const toast = useToast();
  const { t } = useI18n();
  const address = useAddress();
  const [, setParams] = useSearchParams();
  const [marked, setMarked] = useState<string | null>(null);
  const wanted = address.sessionId === sessionId ? address.messageId : null;

  useEffect(() => {
    if (!wanted || !sessionId || status !== 'ready') return;
    let left = false;
    // Gone to once: a reload stays where one reads then.
    const done = () => {
      setParams(
        (params) => {
          params.delete('message');
          return params;
        },
        { replace: true },
      );
    };
    const giveUp = () => {
      if (left) return;
      toast(t('liveassist.placeGone'), { tone: 'warn' });
      done();
    };
    if (messages.some((m) => m.id === wanted)) {
      toMessage(wanted);
      setMarked(wanted);
      done();
    } else if (hasOlder) {
      fetchOlder(client, sessionId, PAGE).catch(giveUp);
    } else {
      giveUp();
    }
    return () => {
      left = true;
    };
  }, [client, sessionId, messages, hasOlder, status, wanted, toMessage, setParams, toast, t]);

  useEffect(() => {
    if (!marked) return;
    const timer = setTimeout(() => setMarked(null), MARKED);
    return () => clearTimeout(timer);
  }, [marked]);
  return marked;
}
