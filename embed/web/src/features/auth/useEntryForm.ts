import { useEffect, useRef, useState } from 'react';
import type { FocusEvent, SubmitEvent } from 'react';
import { ApiError } from '@/api';
import type { Problems } from './model';
import { useCountdown } from './useCountdown';

interface Values {
  email: string;
  password: string;
  name: string;
}

interface Options {
  check: (email: string, password: string) => Problems;
  send: (values: Values) => Promise<unknown>;
  onDone?: (() => void) | undefined;
}

/** Seconds to wait where the server says "too often" without saying how long. */
const DEFAULT_WAIT = 30;

/** What signing in and registering have in common: check, send once, keep the values on errors. */
export function useEntryForm({ check, send, onDone }: Options) {
  const form = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<Problems>({});
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  // The state is known with the next drawing only; two presses can come before it.
  const sending = useRef(false);
  const [wait, startWait] = useCountdown();
  const [email, setEmail] = useState('');

  // To the first field that needs a change, once it is marked.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problems, error]);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (sending.current || wait > 0) return;
    const values = valuesOf(event.currentTarget);
    const found = check(values.email, values.password);
    setProblems(found);
    setError(null);
    setEmail(values.email);
    if (Object.keys(found).length > 0) return;
    sending.current = true;
    setBusy(true);
    try {
      await send(values);
      onDone?.();
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause);
      if (cause.kind === 'rate_limited') startWait(cause.retryAfter ?? DEFAULT_WAIT);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };

  /** Keeps the address that was typed, for a link that takes it along. */
  const remember = (event: FocusEvent<HTMLFormElement>) =>
    setEmail(valuesOf(event.currentTarget).email);

  return { form, submit, remember, problems, error, busy, wait, email };
}

function valuesOf(form: HTMLFormElement): Values {
  const data = new FormData(form);
  const read = (name: string) => {
    const value = data.get(name);
    return typeof value === 'string' ? value : '';
  };
  return { email: read('email').trim(), password: read('password'), name: read('name').trim() };
}
