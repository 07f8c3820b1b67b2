import type { Page } from '@playwright/test';
import { go, say, signUp } from './people.ts';
import { expect, test } from './server.ts';

const messagesOf = /\/api\/liveassist\/sessions\/([0-9a-f-]{36})\/messages$/;

test('a conversation survives leaving, reloading, a second tab and a restart', async ({
  page,
  context,
  server,
}) => {
  const first = 'Water drips from the kitchen tap';
  const second = 'It began yesterday evening';
  await signUp(page);

  const read = page.waitForRequest((r) => r.method() === 'GET' && messagesOf.test(r.url()));
  await go(page, 'LiveAssist');
  const sessionId = messagesOf.exec((await read).url())?.[1];
  const stored = () => page.evaluate(() => localStorage.getItem('liveassistSessionId'));
  await expect.poll(stored).toBe(sessionId);
  await say(page, first);
  await say(page, second);

  await test.step('walks to Home and QuickFix and back', async () => {
    await go(page, 'Home');
    await expect(page.getByRole('log')).toHaveCount(0);
    await go(page, 'QuickFix');
    await go(page, 'LiveAssist');
    await expectBoth(page);
  });

  await test.step('reloads', async () => {
    const again = page.waitForResponse((r) => messagesOf.test(r.url()));
    await page.reload();
    const messages = (await (await again).json()) as { text: string }[];
    expect(messages.map((m) => m.text)).toEqual(expect.arrayContaining([first, second]));
    await expectBoth(page);
  });

  const other = await context.newPage();
  await test.step('opens a second tab, which follows', async () => {
    await other.goto('/liveassist');
    await expectBoth(other);
    await say(page, 'Said in the first tab');
    await expect(article(other, 'Said in the first tab')).toBeVisible();
    await say(other, 'Said in the second tab');
    await expect(article(page, 'Said in the second tab')).toBeVisible();
    await expect(article(page, 'Said in the second tab')).toHaveCount(1);
  });

  await test.step('the server restarts', async () => {
    await server.stop();
    for (const tab of [page, other]) {
      await expect(tab.getByRole('status').filter({ hasText: 'Reconnecting' })).toBeVisible();
    }
    await page.getByRole('textbox', { name: 'Message' }).fill('Written while it was away');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(article(page, 'Written while it was away')).toBeVisible();
    await server.start();
    await expect(page.getByRole('status').filter({ hasText: 'Reconnecting' })).toHaveCount(0, {
      timeout: 40_000,
    });
    await expect(article(other, 'Written while it was away')).toBeVisible();
    await page.reload();
    await expectBoth(page);
    await expect(article(page, 'Written while it was away')).toHaveCount(1);
  });

  await test.step('signing out forgets the conversation', async () => {
    await go(page, 'Account');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(stored).toBeNull();
    await go(page, 'LiveAssist');
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  });

  async function expectBoth(tab: Page) {
    await expect(article(tab, first)).toBeVisible();
    await expect(article(tab, second)).toBeVisible();
  }
});

test('a draft survives navigation and a reload', async ({ page }) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill('Half a sent');
  await go(page, 'Home');
  await go(page, 'LiveAssist');
  await expect(field).toHaveValue('Half a sent');
  await page.reload();
  await expect(field).toHaveValue('Half a sent');
});

test('an unknown conversation is replaced quietly', async ({ page }) => {
  await signUp(page);
  const unknown = '11111111-2222-4333-8444-555555555555';
  await page.evaluate((id) => localStorage.setItem('liveassistSessionId', id), unknown);
  await page.goto('/liveassist');
  await expect
    .poll(() => page.evaluate(() => localStorage.getItem('liveassistSessionId')))
    .not.toBe(unknown);
  await say(page, 'Hello again');
});

test('a sign-in that ended keeps the page and what was written', async ({ page, context }) => {
  const { password } = await signUp(page);
  await go(page, 'LiveAssist');
  await say(page, 'While signed in');
  // The reply, and what the page asks for with it, come before the sign-in ends.
  await expect(page.getByRole('article')).toHaveCount(2);
  await page.waitForTimeout(500);
  await context.clearCookies();
  await page.getByRole('textbox', { name: 'Message' }).fill('While signed out');
  await page.getByRole('button', { name: 'Send' }).click();
  const dialog = page.getByRole('dialog', { name: 'Please sign in again' });
  await expect(dialog).toBeVisible();
  await expect(article(page, 'While signed in')).toBeAttached();
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden();
  await expect(article(page, 'While signed out').locator('time')).toBeVisible();
  await page.reload();
  await expect(article(page, 'While signed out')).toHaveCount(1);
});

test('signing out in one tab signs out the others, and warns of what was not sent', async ({
  page,
  context,
}) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  await say(page, 'Sent');
  const other = await context.newPage();
  await other.goto('/account');
  // Whichever tab tries to send it.
  await context.route('**/messages', (route) => route.abort());
  await say(page, 'Not sent');
  await expect(page.getByText('Not sent yet, trying again…')).toBeAttached();
  await other.getByRole('button', { name: 'Sign out' }).click();
  const question = other.getByRole('dialog', { name: 'Sign out?' });
  await expect(question).toContainText('One message or photo has not been sent');
  await question.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

function article(page: Page, text: string) {
  return page.getByRole('article').filter({ hasText: text });
}
