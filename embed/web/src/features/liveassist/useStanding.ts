import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, call } from '@/api';
import type { Conversation } from '@/api';
import { useI18n } from '@/lib/i18n';
import { conversationQuery, keys } from '@/lib/queries';
import { useToast } from '@/lib/toast';

export type Rating = 'up' | 'down';

/** How the conversation on the screen stands: who answers, what was thought of replies. */
export function useStanding(sessionId: string | null): Conversation | undefined {
  return useQuery({ ...conversationQuery(sessionId ?? ''), enabled: sessionId !== null }).data;
}

/** Notes what the person thinks of a reply; shown at once, taken back where it was not stored. */
export function useRate(sessionId: string | null) {
  const client = useQueryClient();
  const toast = useToast();
  const { t } = useI18n();
  return useCallback(
    async (messageId: string, value: Rating | null) => {
      if (!sessionId) return;
      const key = keys.conversation(sessionId);
      const show = (rating: Rating | null) =>
        client.setQueryData<Conversation>(
          key,
          (now) => now && { ...now, ratings: rated(now.ratings, messageId, rating) },
        );
      const before = client.getQueryData<Conversation>(key)?.ratings[messageId] ?? null;
      show(value);
      const params = { path: { sessionId, messageId } };
      const path = '/api/liveassist/sessions/{sessionId}/messages/{messageId}/rating';
      try {
        await call(api.POST(path, { params, body: { value } }));
      } catch {
        show(before);
        toast(t('liveassist.retryFailed'), { tone: 'warn' });
      }
    },
    [client, sessionId, toast, t],
  );
}

export function rated(
  ratings: Conversation['ratings'],
  id: string,
  value: Rating | null,
): Conversation['ratings'] {
  const others = Object.fromEntries(Object.entries(ratings).filter(([key]) => key !== id));
  return value ? { ...others, [id]: value } : others;
}
