import '@/ui/tokens.css';
import '@/ui/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { ComponentProps } from 'react';
import type { I18nProvider } from '@/lib/i18n';
import type { Arrival } from '@/lib/payment';
import { App } from './App';
import { reloadOnMissingChunk } from './update';

/** Puts the app on the page. */
export function start(initial: ComponentProps<typeof I18nProvider>['initial'], arrival: Arrival) {
  const root = document.getElementById('root');
  if (!root) throw new Error('start: no #root in index.html');
  document.documentElement.lang = initial.lang;
  reloadOnMissingChunk();
  createRoot(root).render(
    <StrictMode>
      <App initial={initial} arrival={arrival} />
    </StrictMode>,
  );
}
