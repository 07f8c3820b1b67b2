import { lazy, Suspense } from 'react';
import type { ComponentProps } from 'react';

const PortalButton = lazy(() => import('@/features/billing/PortalButton'));

/** Billing's button on the account page; the page does not wait for it. */
export function PortalSlot(props: ComponentProps<typeof PortalButton>) {
  return (
    <Suspense fallback={null}>
      <PortalButton {...props} />
    </Suspense>
  );
}
