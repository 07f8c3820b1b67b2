import { defineConfig } from '@playwright/test';

/**
 * Browser tests against the real program (`LIVEASSIST_BIN`), in the system's Chromium. One at a
 * time: each starts a server of its own, and the machine may be small.
 */
export default defineConfig({
  testDir: 'e2e',
  fullyParallel: false,
  workers: 1,
  // A timing that a busy machine broke shows as flaky, and does not hold up everybody.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Stockholm',
    screenshot: 'only-on-failure',
    // A trace copies the page at every step, which takes seconds with a long conversation: ask for
    // it with `--trace on`.
    trace: 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
