import { ApiError, api, call } from '@/api';
import type { Message } from '@/api';
import type { Row, Send, SendOptions, Sent } from './model';
import { uploadPhoto } from './upload';

/** Brings a row to the server, as text or as a photo. */
export const send: Send = async (row, sessionId, options) => {
  try {
    const message = row.file
      ? await uploadPhoto({ ...options, id: row.id, text: row.text, file: row.file, sessionId })
      : await postText(row, sessionId, options);
    return { type: 'stored', message };
  } catch (error) {
    if (options.signal.aborted) return { type: 'cancelled' };
    return outcomeOf(error);
  }
};

function postText(row: Row, sessionId: string, { signal }: SendOptions): Promise<Message> {
  return call(
    api.POST('/api/liveassist/sessions/{sessionId}/messages', {
      params: { path: { sessionId } },
      body: { id: row.id, text: row.text },
      signal,
    }),
  );
}

/** What an error means for the row; everything unknown is worth another try. */
export function outcomeOf(error: unknown): Exclude<Sent, { type: 'stored' }> {
  if (!(error instanceof ApiError))
    return { type: 'transient', kind: 'unexpected', message: String(error) };
  const { kind, message, retryAfter } = error;
  if (error.status === 401) return { type: 'unauthenticated' };
  if (error.code === 'IMAGE_DAY_LIMIT') return { type: 'limit' };
  if (error.transient) return { type: 'transient', kind, message, retryAfter };
  return { type: 'refused', kind, message };
}
