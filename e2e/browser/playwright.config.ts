import { defineConfig } from '@playwright/test';
import { settings } from './settings.ts';

/**
 * The browser's scenes of the story, one after the other: the Go test has started the product and
 * waits for what they find. A scene that fails does not keep the next one from running.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.scene.ts',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 240_000, // a machine that does other work too
  globalTimeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [
    ['list', { printSteps: true }],
    ['json', { outputFile: `${settings.out}/playwright.json` }],
  ],
  outputDir: `${settings.out}/failures`,
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    locale: 'en-GB',
    timezoneId: 'Europe/Stockholm',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: settings.chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // The real developer tools are pages of the browser itself, served on this port.
        `--remote-debugging-port=${settings.devtoolsPort}`,
        '--remote-allow-origins=*',
      ],
    },
  },
});
