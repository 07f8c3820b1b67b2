import type createClient from 'openapi-fetch';
import { ApiError } from './errors';
import type { paths } from './schema';
import { announceUnauthenticated } from './unauthenticated';

/** Milliseconds after which a request counts as not answered, so that it can be tried again. */
const TIMEOUT = 30_000;

/** The types of openapi-fetch, of whose code (2.5 kB) this app would use a tenth. */
type Client = Pick<ReturnType<typeof createClient<paths>>, 'GET' | 'POST' | 'PATCH'>;

interface Init {
  params?: { path?: Record<string, string>; query?: Record<string, string | number | undefined> };
  body?: unknown;
  signal?: AbortSignal;
}

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The API, typed by openapi.yaml: `call(api.GET('/api/users/me'))`. */
export const api = {
  GET: sender('GET'),
  POST: sender('POST'),
  PATCH: sender('PATCH'),
} as unknown as Client;

function sender(method: string) {
  return async (path: string, init: Init = {}): Promise<Result<unknown>> => {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(addressOf(path, init), {
      method,
      signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
      ...(init.body === undefined
        ? {}
        : { body: JSON.stringify(init.body), headers: { 'Content-Type': 'application/json' } }),
    });
    const text = await response.text();
    // An answer that was cut off is no answer; an error may be a proxy's page and still is one.
    if (response.ok) return { data: text ? (JSON.parse(text) as unknown) : undefined, response };
    return { error: parsed(text), response };
  };
}

function addressOf(path: string, { params = {} }: Init): URL {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params.path?.[name] ?? ''),
  );
  const url = new URL(filled, location.origin);
  for (const [name, value] of Object.entries(params.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
  if (response.status === 401 && !SIGN_IN.test(new URL(response.url, location.origin).pathname)) {
    announceUnauthenticated();
  }
  throw ApiError.from(response.status, result.error, response.headers.get('Retry-After'));
}
