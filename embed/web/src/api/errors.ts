import type { components } from './schema';

/** What the server calls its errors, and two of our own: nothing was reached; an answer no one expected. */
export type ErrorKind = components['schemas']['Error']['error'] | 'network' | 'unexpected';

interface Details {
  status: number;
  kind: ErrorKind;
  code?: string | undefined;
  message: string;
  retryAfter?: number | undefined;
}

/** The one error that calls to the API throw. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly kind: ErrorKind;
  /** For programs, in a few cases: `IMAGE_DAY_LIMIT`. */
  readonly code: string | undefined;
  /** Seconds to wait before the next try, with 429 and sometimes 503. */
  readonly retryAfter: number | undefined;

  constructor(details: Details) {
    super(details.message);
    this.status = details.status;
    this.kind = details.kind;
    this.code = details.code;
    this.retryAfter = details.retryAfter;
  }

  static network(cause?: unknown): ApiError {
    const error = new ApiError({
      status: 0,
      kind: 'network',
      message: 'The server was not reached.',
    });
    error.cause = cause;
    return error;
  }

  /** Reads the server's error body; tolerates a proxy's HTML page in its place. */
  static from(status: number, body: unknown, retryAfter: string | null): ApiError {
    const known = isErrorBody(body);
    return new ApiError({
      status,
      kind: known ? body.error : 'unexpected',
      code: known ? body.code : undefined,
      message: known ? body.message : `Unexpected answer (${status}).`,
      retryAfter: seconds(retryAfter),
    });
  }

  /** Whether the same request may succeed later without anybody changing it. */
  get transient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

function isErrorBody(body: unknown): body is components['schemas']['Error'] {
  if (typeof body !== 'object' || body === null) return false;
  const { error, message } = body as Record<string, unknown>;
  return typeof error === 'string' && typeof message === 'string';
}

/** `Retry-After` in seconds; the form with a date is not used by this server. */
function seconds(header: string | null): number | undefined {
  const n = Number(header ?? '');
  return header && Number.isFinite(n) && n >= 0 ? n : undefined;
}
