import createClient from 'openapi-fetch';
import { ApiError } from './errors';
import type { paths } from './schema';
import { announceUnauthenticated } from './unauthenticated';

/** Milliseconds after which a request counts as not answered, so that it can be tried again. */
const TIMEOUT = 30_000;

/** The typed client. `globalThis.fetch` is looked up at each call, so that tests can replace it. */
export const api = createClient<paths>({
  baseUrl: globalThis.location.origin,
  fetch: (request) =>
    globalThis.fetch(request, {
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT)]),
    }),
});

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Paths where 401 means "wrong password" rather than "your sign-in has ended". */
const SIGN_IN = /\/api\/auth\/(login|register)$/;

/** Awaits a call of `api`: gives its data, or throws an `ApiError`. */
export async function call<T>(request: Promise<Result<T>>): Promise<T> {
  let result: Result<T>;
  try {
    result = await request;
  } catch (cause) {
    throw ApiError.network(cause);
  }
  const { response } = result;
  if (response.ok) return result.data as T;
  if (
    response.status === 401 &&
    !SIGN_IN.test(new URL(response.url || '/', location.origin).pathname)
  ) {
    announceUnauthenticated();
  }
  throw ApiError.from(response.status, result.error, response.headers.get('Retry-After'));
}
