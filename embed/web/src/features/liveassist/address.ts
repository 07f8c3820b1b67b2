import { useCallback } from 'react';
import { useLocation, useNavigate, useSearchParams } from '@/lib/router';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where a conversation, and a message in it, is found. Without either: the one that was open. */
export function addressOf(sessionId: string, messageId?: string): string {
  const place = messageId ? `&message=${messageId}` : '';
  return `/liveassist?conversation=${sessionId}${place}`;
}

/** The conversation and the message that the address names. */
export function useAddress(): { sessionId: string | null; messageId: string | null } {
  const [params] = useSearchParams();
  const id = (name: string) => {
    const value = params.get(name);
    return value && UUID.test(value) ? value : null;
  };
  return { sessionId: id('conversation'), messageId: id('message') };
}

/**
 * To be called before going to another conversation: gives the present entry of the history its
 * own address, so that Back leads to the conversation that one came from.
 */
export function usePin(sessionId: string | null): () => void {
  const navigate = useNavigate();
  const { search, state } = useLocation();
  return useCallback(() => {
    if (sessionId && !search) navigate(addressOf(sessionId), { replace: true, state });
  }, [navigate, search, state, sessionId]);
}
