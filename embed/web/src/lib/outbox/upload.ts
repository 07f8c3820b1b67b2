import { ApiError, announceUnauthenticated } from '@/api';
import type { Message } from '@/api';
import type { Picture } from './model';

interface Upload {
  sessionId: string;
  id: string;
  text: string;
  file: Picture;
  signal: AbortSignal;
  /** From 0 to 1: the share of bytes handed to the network. */
  onProgress: (fraction: number) => void;
}

/** Milliseconds without a byte moving after which an upload is given up, to be tried again. */
const STALLED = 60_000;

/**
 * Sends a photo. XMLHttpRequest, because `fetch` tells nothing of an upload's progress. The fields
 * stand before the file, so that the server knows a retry before it has read the picture.
 * Throws an `ApiError`, or the signal's reason when it was cancelled.
 */
export function uploadPhoto(upload: Upload): Promise<Message> {
  const { signal } = upload;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stall = watch(() => request.abort());
    const abort = () => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.upload.onprogress = (event) => {
      stall.moved();
      if (event.lengthComputable) upload.onProgress(event.loaded / event.total);
    };
    request.onloadend = () => {
      stall.stop();
      signal.removeEventListener('abort', abort);
      if (request.status === 0) {
        reject(signal.aborted ? (signal.reason as Error) : ApiError.network());
      } else settle(request, resolve, reject);
    };
    request.open('POST', `/api/liveassist/sessions/${upload.sessionId}/images`);
    request.responseType = 'text';
    request.send(body(upload));
  });
}

function body({ id, text, file }: Upload): FormData {
  const form = new FormData();
  form.append('id', id);
  form.append('text', text);
  form.append('image', file.blob, file.name);
  return form;
}

function settle(
  request: XMLHttpRequest,
  resolve: (m: Message) => void,
  reject: (e: Error) => void,
) {
  let answer: unknown;
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    answer = undefined;
  }
  if (request.status >= 200 && request.status < 300 && answer) {
    resolve(answer as Message);
    return;
  }
  if (request.status === 401) announceUnauthenticated();
  reject(ApiError.from(request.status, answer, request.getResponseHeader('Retry-After')));
}

function watch(stalled: () => void) {
  let timer = setTimeout(stalled, STALLED);
  return {
    moved: () => {
      clearTimeout(timer);
      timer = setTimeout(stalled, STALLED);
    },
    stop: () => clearTimeout(timer),
  };
}
