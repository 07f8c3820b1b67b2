import type { Page } from '@playwright/test';
import { signUp } from './people.ts';
import { expect, test } from './server.ts';

/** A phone on a slow network: 1.6 Mbit/s down, 150 ms a round trip, a quarter of this machine. */
const NETWORK = { latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const CPU = 4;

/** Milliseconds, as promised, and how much more a busy test machine is allowed to take. */
const FIRST_PAINT = 2_000;
const LARGEST_PAINT = 2_500;
const BUSY = 2;
const SHIFT = 0.05;

interface Paint {
  first: number;
  largest: number;
  shift: number;
}

test.use({ viewport: { width: 390, height: 844 } });

test('a slow phone sees the pages soon, and nothing jumps', async ({ page }) => {
  await page.addInitScript(observe);
  const seen = [await paintOf(page, '/'), await paintOf(page, '/quickfix')];
  await slow(page, false);
  await signUp(page);
  seen.push(await paintOf(page, '/liveassist'));
  for (const { first, largest, shift } of seen) {
    expect(first).toBeLessThan(FIRST_PAINT * BUSY);
    expect(largest).toBeLessThan(LARGEST_PAINT * BUSY);
    expect(shift).toBeLessThan(SHIFT);
  }
});

/** Loads a page as somebody who was never here, and waits until nothing more comes. */
async function paintOf(page: Page, path: string): Promise<Paint> {
  await slow(page, true);
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible({ timeout: 30_000 });
  await page.waitForTimeout(3_000);
  const paint = await page.evaluate(() => (globalThis as unknown as { paint: Paint }).paint);
  const { first, largest, shift } = paint;
  console.log(
    `${path}: first paint ${Math.round(first)} ms, largest ${Math.round(largest)} ms, shift ${shift.toFixed(3)}`,
  );
  return paint;
}

async function slow(page: Page, on: boolean) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.clearBrowserCache');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    ...(on ? NETWORK : { latency: 0, downloadThroughput: -1, uploadThroughput: -1 }),
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: on ? CPU : 1 });
}

/** Runs in the page before anything else. */
function observe() {
  const paint = { first: 0, largest: 0, shift: 0 };
  Object.assign(globalThis, { paint });
  const watch = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
    });
  watch('paint', (entry) => {
    if (entry.name === 'first-contentful-paint') paint.first = entry.startTime;
  });
  watch('largest-contentful-paint', (entry) => (paint.largest = entry.startTime));
  watch('layout-shift', (entry) => {
    const { value, hadRecentInput } = entry as PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    };
    if (!hadRecentInput) paint.shift += value;
  });
}
