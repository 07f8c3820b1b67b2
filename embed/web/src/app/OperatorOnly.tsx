import { lazy } from 'react';
import type { ReactNode } from 'react';
import { useAuth } from '@/lib/auth';
import { Outlet } from '@/lib/router';
import { Waiting } from './Waiting';

const Unreachable = lazy(() => import('./Unreachable'));

/**
 * Shows the page to operators. Anybody else, signed in or not, gets what an address that does not
 * exist gives, as from the API: nothing tells that there is something here.
 */
export function OperatorOnly({ otherwise }: { otherwise: ReactNode }) {
  const { status, user } = useAuth();
  if (status === 'loading') return <Waiting />;
  if (status === 'unreachable') return <Unreachable />;
  return user?.role === 'operator' ? <Outlet /> : otherwise;
}
