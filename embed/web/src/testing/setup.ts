import '@testing-library/jest-dom/vitest';
import 'fake-indexeddb/auto';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { languages } from '@/lib/i18n/language';
import { changeTo, needTexts } from '@/lib/i18n/load';
import type { Section } from '@/lib/i18n/load';
import { texts } from '@/lib/i18n/en';
import { FakeLocks } from './locks';
import { server } from './server';

// happy-dom has none.
Object.defineProperty(navigator, 'locks', { configurable: true, value: new FakeLocks() });

// A busy machine takes its time; a test that waits for something ends as soon as it is there.
configure({ asyncUtilTimeout: 15_000 });

// A test draws parts of the app without what fetches them and their texts.
for (const lang of languages.toReversed()) {
  for (const section of Object.keys(texts)) {
    if (!['app', 'errors', 'ui'].includes(section)) void needTexts(section as Section);
  }
  await changeTo(lang);
}

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => server.close());
