import { ApiError, api, call } from '@/api';
import { storedSessionId } from '@/lib/auth/session-id';
import { exclusively } from '@/lib/locks';

/**
 * Gives the conversation of this browser, beginning one where there is none. One tab, one mount
 * begins at a time; whoever waited finds the id that the first one stored.
 */
export async function ensureSession(store: (id: string) => void): Promise<string> {
  let id = storedSessionId();
  if (id) return id;
  await exclusively('liveassist-session', null, async () => {
    id = storedSessionId();
    if (id) return;
    id = (await call(api.POST('/api/liveassist/sessions'))).sessionId;
    store(id);
  });
  if (!id) throw ApiError.network();
  return id;
}
