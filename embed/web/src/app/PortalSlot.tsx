import { lazy, Suspense } from 'react';
import type { ComponentProps } from 'react';
import { withTexts } from '@/lib/i18n';

const PortalButton = lazy(withTexts('billing', () => import('@/features/billing/PortalButton')));

/** Billing's button on the account page; the page does not wait for it. */
export function PortalSlot(props: ComponentProps<typeof PortalButton>) {
  return (
    <Suspense fallback={null}>
      <PortalButton {...props} />
    </Suspense>
  );
}
