import { ApiError } from '@/api';

/** What is wrong with what was typed. Values: keys of the texts. */
export interface PasswordProblems {
  current?: 'missing';
  next?: 'short';
}

/** The server's own lower bound, by code points as the server counts. */
const MIN_PASSWORD = 8;

export function passwordProblems(current: string, next: string): PasswordProblems {
  return {
    ...(current === '' && { current: 'missing' as const }),
    ...(Array.from(next).length < MIN_PASSWORD && { next: 'short' as const }),
  };
}

/** The server's answer to a password that confirms nothing. */
export function isWrongPassword(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'WRONG_PASSWORD';
}

/** Reads named text fields of a form. */
export function fieldsOf<K extends string>(form: HTMLFormElement, names: K[]): Record<K, string> {
  const data = new FormData(form);
  const read = (name: string) => {
    const value = data.get(name);
    return typeof value === 'string' ? value : '';
  };
  return Object.fromEntries(names.map((n) => [n, read(n)])) as Record<K, string>;
}
