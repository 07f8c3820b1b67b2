/** What is wrong with what was typed, before anything is sent. Values: keys of the texts. */
export interface Problems {
  email?: 'emailMissing' | 'emailIncomplete';
  password?: 'passwordMissing' | 'passwordShort';
}

/** The server's own lower bound (`Registration` in openapi.yaml). */
export const MIN_PASSWORD = 8;

/** Only what cannot be an address at all: the server has the last word. */
function emailProblem(email: string): Problems['email'] {
  if (email.trim() === '') return 'emailMissing';
  return /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : 'emailIncomplete';
}

/** Signing in asks for no length: an old password is what it is. */
export function checkSignIn(email: string, password: string): Problems {
  return found(emailProblem(email), password === '' ? 'passwordMissing' : undefined);
}

export function checkRegistration(email: string, password: string): Problems {
  return found(emailProblem(email), newPasswordProblem(password));
}

export function checkEmail(email: string): Problems {
  return found(emailProblem(email), undefined);
}

export function checkNewPassword(password: string): Problems {
  return found(undefined, newPasswordProblem(password));
}

function newPasswordProblem(password: string): Problems['password'] {
  // By code points, as the server counts.
  const short = Array.from(password).length < MIN_PASSWORD;
  const problem = password === '' ? 'passwordMissing' : 'passwordShort';
  return short ? problem : undefined;
}

function found(email: Problems['email'], password: Problems['password']): Problems {
  return { ...(email && { email }), ...(password && { password }) };
}

/** Where to go after signing in: a path of this app that a page left in the location's state. */
export function returnPath(state: unknown): string {
  const from = (state as { from?: unknown } | null)?.from;
  return typeof from === 'string' && /^\/(?![/\\])/.test(from) ? from : '/';
}

/** What both forms hand to each other, so that the way back survives a change of mind. */
export function wayBack(state: unknown): { from: string; fromState: unknown } {
  return {
    from: returnPath(state),
    fromState: (state as { fromState?: unknown } | null)?.fromState ?? null,
  };
}

/** The address typed on the other form, so that nobody types it twice. */
export function carriedEmail(state: unknown): string | undefined {
  const email = (state as { email?: unknown } | null)?.email;
  return typeof email === 'string' ? email : undefined;
}
