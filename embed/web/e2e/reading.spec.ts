import type { Page } from '@playwright/test';
import { go, say, signUp } from './people.ts';
import { expect, test } from './server.ts';

// Nobody answers by itself, so that the test alone says what comes when.
test.use({ settings: { ASSIST: 'off' } });

const log = (page: Page) => page.locator('#messages');
const toEnd = (page: Page) =>
  log(page).evaluate((e) => Math.round(e.scrollHeight - e.scrollTop - e.clientHeight));

/** Fills the conversation on the screen with `count` messages, numbered from 1. */
async function fill(page: Page, count: number): Promise<string> {
  const id = await page.evaluate(() => localStorage.getItem('liveassistSessionId'));
  await page.evaluate(
    async ([path, n]) => {
      for (let i = 1; i <= n; i++) {
        const body = JSON.stringify({ text: `Message ${i}${'\nand a second line'.repeat(i % 4)}` });
        await fetch(path, {
          method: 'POST',
          body,
          headers: { 'Content-Type': 'application/json' },
        });
      }
    },
    [`/api/liveassist/sessions/${id}/messages`, count] as const,
  );
  return id ?? '';
}

test('a long conversation opens at its end and loads older messages in place', async ({ page }) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  await expect(page.getByRole('heading', { name: /what needs fixing/ })).toBeVisible();
  await fill(page, 650);
  await page.reload();
  await expect(page.getByRole('article').filter({ hasText: /Message 650\b/ })).toBeInViewport();
  await expect.poll(() => toEnd(page)).toBeLessThan(2);
  await expect(page.getByRole('article')).toHaveCount(500);

  const older = page.waitForResponse((r) => r.url().includes('before='));
  const first = page.getByRole('article').filter({ hasText: /Message 151\b/ });
  await log(page).evaluate((e) => e.scrollTo(0, 300));
  const before = await first.boundingBox();
  await older;
  await expect(page.getByRole('article')).not.toHaveCount(500);
  await page.waitForTimeout(300);
  const after = await first.boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(40);

  for (let i = 0; i < 4; i++) {
    await log(page).evaluate((e) => e.scrollTo(0, 0));
    await page.waitForTimeout(400);
  }
  await expect(page.getByText('This is the beginning of your conversation.')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(650);
});

test('writing stays quick with 500 messages', async ({ page }) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  await expect(page.getByRole('heading', { name: /what needs fixing/ })).toBeVisible();
  await fill(page, 500);
  await page.reload();
  await expect(page.getByRole('article')).toHaveCount(500);
  await page.evaluate(() => {
    const slowest = { shown: 0, handled: 0 };
    Object.assign(globalThis, { slowest });
    new PerformanceObserver((list) => {
      for (const event of list.getEntries() as PerformanceEventTiming[]) {
        slowest.shown = Math.max(slowest.shown, event.duration);
        slowest.handled = Math.max(slowest.handled, event.processingEnd - event.startTime);
      }
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  await page.getByRole('textbox', { name: 'Message' }).pressSequentially('quick', { delay: 50 });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').filter({ hasText: 'quick' })).toBeVisible();
  await page.waitForTimeout(500);
  const { shown, handled } = await page.evaluate(
    () => (globalThis as unknown as { slowest: { shown: number; handled: number } }).slowest,
  );
  console.log(
    `slowest key with 500 messages: ${Math.round(handled)} ms to handle, ${shown} to show`,
  );
  // When it is shown is up to how busy the machine is that runs the tests.
  expect(handled).toBeLessThan(200);
});

test('a reader elsewhere is not moved by a reply, and is told of it', async ({ page }) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  await expect(page.getByRole('heading', { name: /what needs fixing/ })).toBeVisible();
  const sessionId = await fill(page, 40);
  await log(page).evaluate((e) => e.scrollTo(0, 100));
  const reply = (n: number) => ({
    id: `00000000-0000-4000-8000-00000000000${n}`,
    sessionId,
    role: 'operator',
    text: `Reply ${n}`,
    image: null,
    createdAt: new Date(Date.now() + n).toISOString(),
  });
  const place = await log(page).evaluate((e) => e.scrollTop);
  // The stream is cut, and the next one brings two replies.
  await page.route('**/api/events', (route) =>
    route.fulfill({
      contentType: 'text/event-stream',
      body: [1, 2]
        .map(
          (n) =>
            `id: ${1_000_000 + n}\nevent: message.created\ndata: ${JSON.stringify(reply(n))}\n\n`,
        )
        .join(''),
    }),
  );
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  const pill = page.getByRole('button', { name: '2 new messages' });
  await expect(pill).toBeVisible();
  expect(await log(page).evaluate((e) => e.scrollTop)).toBe(place);
  await pill.click();
  await expect(page.getByText('Reply 2')).toBeInViewport();
  await expect(pill).toBeHidden();

  await log(page).evaluate((e) => e.scrollTo(0, 0));
  await say(page, 'My own word');
  await expect.poll(() => toEnd(page)).toBeLessThan(2);
});
