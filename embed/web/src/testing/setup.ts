import '@testing-library/jest-dom/vitest';
import 'fake-indexeddb/auto';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { FakeLocks } from './locks';
import { server } from './server';

// happy-dom has none.
Object.defineProperty(navigator, 'locks', { configurable: true, value: new FakeLocks() });

// A busy machine takes its time; a test that waits for something ends as soon as it is there.
configure({ asyncUtilTimeout: 15_000 });

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => server.close());
