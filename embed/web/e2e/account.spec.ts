import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { go, say, signUp } from './people.ts';
import { expect, test } from './server.ts';
import type { Server } from './server.ts';

async function signIn(page: Page, email: string, password: string) {
  await page.goto('/login');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The newest link of a kind in the program's log, as a path of the app. */
async function linkIn(server: Server, kind: 'reset' | 'confirm'): Promise<string> {
  const pattern = new RegExp(`kind=${kind} .*link="?${server.url}(/${kind}\\?token=[\\w-]+)`, 'g');
  let found: string | undefined;
  await expect.poll(() => (found = [...server.output.matchAll(pattern)].at(-1)?.[1])).toBeDefined();
  return found ?? '';
}

test('changes the password: the other browser is out, this one stays in', async ({
  page,
  browser,
  baseURL,
}) => {
  const { email, password } = await signUp(page);
  const elsewhere = await browser.newContext({ baseURL });
  const other = await elsewhere.newPage();
  await signIn(other, email, password);
  await go(other, 'LiveAssist');

  await go(page, 'Account');
  const security = page.getByRole('region', { name: 'Security' });
  await expect(security.getByRole('listitem')).toHaveCount(2);
  await expect(security.getByRole('listitem').first()).toContainText('This browser');
  await expectAccessible(page, 'account');

  await security.getByRole('button', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change password' });
  await dialog.getByLabel('Current password').fill('not this one');
  await dialog.getByLabel('New password').fill('a new long password');
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await expect(dialog.getByLabel('Current password')).toHaveAccessibleDescription(/not your/);
  await expectAccessible(page, 'change password');
  await dialog.getByLabel('Current password').fill(password);
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await expect(security.getByRole('status')).toContainText('Your password is changed');
  await expect(security.getByRole('listitem')).toHaveCount(1);

  await other.reload();
  await expect(other.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await signIn(other, email, 'a new long password');
  await expect(other).toHaveURL((url) => url.pathname === '/');

  await test.step('and signs out everywhere', async () => {
    await security.getByRole('button', { name: 'Sign me out everywhere' }).click();
    await expect(page).toHaveURL((url) => url.pathname === '/');
    await other.goto('/account');
    await expect(other.getByRole('button', { name: 'Sign in' })).toBeVisible();
  });
  await elsewhere.close();
});

test('sets a forgotten password by the link, once', async ({ page, server, context }) => {
  const { email } = await signUp(page);
  await context.clearCookies();
  await page.goto('/login');
  await page.getByLabel('Email').fill(email);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  // The page that is left has a field of that name too.
  await expect(page.getByRole('button', { name: 'Send the link' })).toBeVisible();
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByRole('status').filter({ hasText: email })).toBeVisible();
  await expectAccessible(page, 'forgotten');

  const link = await linkIn(server, 'reset');
  const response = await page.goto(link);
  expect(response?.headers()['referrer-policy']).toBe('no-referrer');
  await expect(page).toHaveURL((url) => url.pathname === '/reset' && url.search === '');
  await expectAccessible(page, 'reset');
  await page.getByLabel('New password').fill('remembered this time');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.locator('#main').getByRole('link', { name: 'Sign in' }).click();
  await expect(page.getByLabel('Email')).toHaveValue(email);
  await page.getByLabel('Password', { exact: true }).fill('remembered this time');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL((url) => url.pathname === '/');

  await page.goto(link);
  await page.getByLabel('New password').fill('another password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByRole('alert')).toContainText('used already');
});

test('confirms the address by the link', async ({ page, server }) => {
  await signUp(page);
  await go(page, 'Account');
  await expect(page.getByText('Please confirm your email address')).toBeVisible();
  await page.goto(await linkIn(server, 'confirm'));
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await page.getByRole('link', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await expect(page.getByText('Please confirm your email address')).toHaveCount(0);
});

test('downloads one’s data, deletes the account, and nothing is left', async ({ page }) => {
  const { email, password } = await signUp(page);
  await go(page, 'LiveAssist');
  await say(page, 'My tap drips');
  await go(page, 'Account');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download my data' }).click();
  expect((await download).suggestedFilename()).toMatch(/^liveassist-.*\.zip$/);
  expect(await (await download).failure()).toBeNull();

  await page.getByRole('button', { name: 'Delete account' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete account' });
  await expect(dialog).toContainText('For accounting we must keep');
  await expectAccessible(page, 'delete');
  await dialog.getByLabel('Password', { exact: true }).fill('not this one');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(dialog.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    /not your/,
  );
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page).toHaveURL((url) => url.pathname === '/');
  await signIn(page, email, password);
  await expect(page.getByRole('alert')).toBeVisible();
});
