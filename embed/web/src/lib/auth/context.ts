import { createContext, use } from 'react';
import type { Credentials, Registration, User } from '@/api';

export interface Auth {
  /** `unreachable`: the server did not say who is signed in; `retry` asks again. */
  status: 'loading' | 'signed-in' | 'signed-out' | 'unreachable';
  user: User | null;
  /** The server ended the sign-in while the page was open; the page stays, a form asks again. */
  sessionEnded: boolean;
  /** The conversation on the screen; kept in localStorage under the same name. */
  liveassistSessionId: string | null;
  setLiveassistSessionId: (id: string | null) => void;
  signIn: (credentials: Credentials) => Promise<User>;
  /** Gives null where the address is to be confirmed first: a mail is on its way. */
  register: (registration: Registration) => Promise<User | null>;
  /** Gives false when the person decided to stay, because something was not sent yet. */
  signOut: () => Promise<boolean>;
  /** Leaves the page signed out, after the server ended the sign-in. */
  leave: () => void;
  retry: () => void;
  /** Asks `guard` before signing out; it answers whether to go on. Gives the way to withdraw it. */
  guardSignOut: (guard: () => Promise<boolean>) => () => void;
}

export const AuthContext = createContext<Auth | null>(null);

export function useAuth(): Auth {
  const auth = use(AuthContext);
  if (!auth) throw new Error('useAuth: no AuthProvider above');
  return auth;
}
