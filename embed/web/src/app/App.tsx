import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import type { ComponentProps } from 'react';
import { BrowserRouter } from '@/lib/router';
import { AuthProvider } from '@/lib/auth';
import { EventsProvider } from '@/lib/events';
import { I18nProvider } from '@/lib/i18n';
import { OutboxProvider } from '@/lib/outbox';
import { PaymentProvider } from '@/lib/payment';
import type { Arrival } from '@/lib/payment';
import { newQueryClient } from '@/lib/queries';
import { ThemeProvider } from '@/lib/theme';
import { UnreadProvider } from '@/lib/unread';
import { UpgradeProvider } from '@/lib/upgrade';
import { CrashBoundary } from './CrashBoundary';
import { Routing } from './Routing';
import { ToastProvider } from './ToastProvider';

interface Props {
  initial: ComponentProps<typeof I18nProvider>['initial'];
  /** How the person came back from the payment page, if so. */
  arrival: Arrival;
}

/** The whole app: what every page may rely on, from the outside in. */
export function App({ initial, arrival }: Props) {
  const [client] = useState(newQueryClient);
  return (
    <I18nProvider initial={initial}>
      <CrashBoundary>
        <ThemeProvider>
          <QueryClientProvider client={client}>
            <ToastProvider>
              <AuthProvider>
                <EventsProvider>
                  <UnreadProvider>
                    <PaymentProvider arrival={arrival}>
                      <UpgradeProvider>
                        <OutboxProvider>
                          <BrowserRouter>
                            <Routing />
                          </BrowserRouter>
                        </OutboxProvider>
                      </UpgradeProvider>
                    </PaymentProvider>
                  </UnreadProvider>
                </EventsProvider>
              </AuthProvider>
            </ToastProvider>
          </QueryClientProvider>
        </ThemeProvider>
      </CrashBoundary>
    </I18nProvider>
  );
}
