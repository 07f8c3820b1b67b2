import { lazy } from 'react';
import { withTexts } from '@/lib/i18n';
import { Outlet } from '@/lib/router';
import { useAuth } from '@/lib/auth';
import { Waiting } from './Waiting';

const Unreachable = lazy(() => import('./Unreachable'));
const SignInInPlace = lazy(withTexts('auth', () => import('./SignInInPlace')));

/** Shows the page to who is signed in, and the form in its place to who is not. */
export function RequireAuth() {
  const { status } = useAuth();
  switch (status) {
    case 'signed-in':
      return <Outlet />;
    case 'signed-out':
      return <SignInInPlace />;
    case 'loading':
      return <Waiting />;
    case 'unreachable':
      return <Unreachable />;
  }
}
