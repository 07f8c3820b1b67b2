import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter } from '@/lib/router';
import type { User } from '@/api';
import { ToastProvider } from '@/app/ToastProvider';
import { AuthProvider } from '@/lib/auth';
import { EventsProvider } from '@/lib/events';
// Loaded with the test: one that ended while they were on their way would fail.
import '@/lib/events/delivery';
import { I18nProvider } from '@/lib/i18n';
import type { Lang } from '@/lib/i18n';
import { OutboxProvider } from '@/lib/outbox';
import '@/lib/outbox/open';
import { keys, newQueryClient } from '@/lib/queries';
import { ThemeProvider } from '@/lib/theme';
import { UpgradeProvider } from '@/lib/upgrade';

interface Options {
  /** Who is signed in; null: nobody; absent: the server is asked. */
  user?: User | null;
  lang?: Lang;
  /** The address, with location state where the page wants one. */
  path?: string | { pathname: string; state: unknown };
}

/** Draws `ui` inside everything that the app provides. */
export function renderApp(ui: ReactNode, { user, lang = 'en', path = '/' }: Options = {}) {
  const client = newQueryClient();
  client.setDefaultOptions({ queries: { retry: false } });
  if (user !== undefined) client.setQueryData(keys.me, user);
  const view = render(
    <I18nProvider initial={{ lang, choice: lang }}>
      <ThemeProvider>
        <QueryClientProvider client={client}>
          <ToastProvider>
            <AuthProvider>
              <EventsProvider>
                <UpgradeProvider>
                  <OutboxProvider>
                    <MemoryRouter initialEntries={[path]}>{ui}</MemoryRouter>
                  </OutboxProvider>
                </UpgradeProvider>
              </EventsProvider>
            </AuthProvider>
          </ToastProvider>
        </QueryClientProvider>
      </ThemeProvider>
    </I18nProvider>,
  );
  return { ...view, client };
}
