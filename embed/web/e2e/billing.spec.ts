import type { BrowserContext, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { go, signUp } from './people.ts';
import { aPhoto, photosIn, pick } from './photo.ts';
import { expect, test } from './server.ts';

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Upgrade' });
const upgradeNow = (page: Page) => page.getByRole('button', { name: 'Upgrade now' });
const news = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });

/** Counts the photos that leave any tab: the tabs of one browser share the sending. */
function uploadsOf(pages: BrowserContext): () => number {
  let count = 0;
  pages.on('request', (r) => {
    if (r.method() === 'POST' && r.url().endsWith('/images')) count++;
  });
  return () => count;
}

/** Sends the two free photos of the day. */
async function useUp(page: Page) {
  await go(page, 'LiveAssist');
  await expect(page.getByTestId('image-allowance')).toHaveText('2 of 2 images left today');
  for (const [index, name] of ['tap.jpg', 'sink.jpg'].entries()) {
    await pick(page, await aPhoto(page, name));
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(photosIn(page)).toHaveCount(index + 1);
  }
  await expect(page.getByTestId('image-allowance')).toHaveText('0 of 2 images left today');
}

async function pay(page: Page) {
  await upgradeNow(page).click();
  await page.getByRole('button', { name: 'Pay' }).click();
}

test('the third photo opens the offer, is kept while paying, and goes by itself', async ({
  page,
  context,
}) => {
  await signUp(page);
  await useUp(page);
  const other = await context.newPage();
  await other.goto('/account');
  await expect(other.getByTestId('subscription-status')).toHaveText('Free');
  const uploads = uploadsOf(page.context());

  await test.step('the offer comes before anything leaves', async () => {
    await pick(page, await aPhoto(page, 'third.jpg'));
    const dialog = dialogOf(page);
    await expect(dialog).toContainText('Your photo is ready and will be sent right after.');
    await expect(dialog).toContainText('2 new free photos come at 01:00');
    await expect(dialog.getByRole('button', { name: 'Monthly' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await expect(upgradeNow(page)).toContainText('€9 a month');
    await dialog.getByRole('button', { name: 'Yearly' }).click();
    await expect(upgradeNow(page)).toContainText('€90 a year');
    await expect(dialog).toContainText('Saves €18 (17%)');
    await expect(dialog).toContainText('Sandbox');
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('main'))).toBeNull();
    }
    expect(uploads()).toBe(0);
  });

  const meAsked = page.waitForRequest((r) => r.url().endsWith('/api/users/me'));
  await test.step('pays in the sandbox and comes back to the conversation', async () => {
    await pay(page);
    await meAsked;
    await expect(page).toHaveURL('/liveassist');
    await expect(photosIn(page)).toHaveCount(3);
    expect(uploads()).toBe(1);
    await expect(news(page, 'Your photo is being sent')).toBeVisible();
    await expect(news(page, 'Premium is active')).not.toHaveCount(0);
    await expect(page.getByTestId('image-allowance')).not.toContainText('left today');
  });

  await test.step('the other tab has followed without a reload', async () => {
    await expect(other.getByTestId('subscription-status')).toHaveText('Premium');
    await expect(
      other.getByRole('listitem').filter({ hasText: 'First time Premium' }),
    ).toBeVisible();
    const told = await Promise.all(
      [page, other].map((tab) => tab.getByText('250 points for your first time Premium!').count()),
    );
    expect(told[0]! + told[1]!, 'the points are celebrated once').toBe(1);
  });

  await test.step('the account says so, and nothing counts any more', async () => {
    await go(page, 'Account');
    await expect(page.getByTestId('subscription-status')).toHaveText('Premium');
    await expect(page.getByText('Billed yearly. Renews on')).toBeVisible();
    const me = (await (await page.request.get('/api/users/me')).json()) as object;
    expect(me).toMatchObject({ image_counter: 0, image_limit: null, xp: 250 });
    await page.reload();
    await expect(page.getByTestId('subscription-status')).toHaveText('Premium');
    await expect(page.getByText('Confirming your payment')).toHaveCount(0);
  });
});

test('a dialog that is open in another tab closes when paid, and its photo goes', async ({
  page,
  context,
}) => {
  await signUp(page);
  await useUp(page);
  const other = await context.newPage();
  await other.goto('/liveassist');
  await expect(photosIn(other)).toHaveCount(2);
  await pick(other, await aPhoto(other, 'third.jpg'));
  await expect(dialogOf(other)).toContainText('Your photo is ready');

  await go(page, 'Account');
  await page.getByRole('button', { name: 'Upgrade' }).click();
  await pay(page);
  await expect(page).toHaveURL('/account');
  await expect(page.getByTestId('subscription-status')).toHaveText('Premium');

  await expect(dialogOf(other)).toBeHidden();
  await expect(photosIn(other)).toHaveCount(3);
});

test('"Not now" and a cancelled payment keep the photo and charge nothing', async ({ page }) => {
  await signUp(page);
  await useUp(page);
  const uploads = uploadsOf(page.context());
  const kept = page.getByRole('region', { name: 'Photos to send' }).getByRole('img');

  await pick(page, await aPhoto(page, 'third.jpg'));
  await dialogOf(page).getByRole('button', { name: 'Not now' }).click();
  await expect(kept).toHaveCount(1);
  await page
    .getByRole('region', { name: 'Photos to send' })
    .getByRole('button', { name: 'Upgrade' })
    .click();
  await page.keyboard.press('Escape');
  await expect(dialogOf(page)).toBeHidden();
  await page
    .getByRole('region', { name: 'Photos to send' })
    .getByRole('button', { name: 'Upgrade' })
    .click();

  await upgradeNow(page).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page).toHaveURL('/account');
  await expect(news(page, 'Nothing was charged')).toBeVisible();
  await expect(page.getByTestId('subscription-status')).toHaveText('Free');
  await page.getByRole('link', { name: 'Back to your conversation' }).click();
  await expect(kept).toHaveCount(1);
  await expect(page.getByText('it goes by itself with Premium')).toBeVisible();
  await expect(page.getByText('Nothing was charged')).toHaveCount(0);
  expect(uploads()).toBe(0);
});

test('Back from the payment page: nothing is stuck', async ({ page }) => {
  await signUp(page);
  await useUp(page);
  await pick(page, await aPhoto(page, 'third.jpg'));
  await upgradeNow(page).click();
  await expect(page.getByRole('button', { name: 'Pay' })).toBeVisible();
  await page.goBack();
  const tray = page.getByRole('region', { name: 'Photos to send' });
  await expect(tray.getByRole('img')).toHaveCount(1);
  if (await dialogOf(page).isHidden()) {
    await tray.getByRole('button', { name: 'Upgrade' }).click();
  }
  await pay(page);
  await expect(photosIn(page)).toHaveCount(3);
});

test('a payment that is not booked yet: said, never called Free, never sold twice', async ({
  page,
}) => {
  await signUp(page);
  let booked = false;
  await page.route('**/api/users/me', async (route) => {
    const answer = await route.fetch();
    const me = (await answer.json()) as object;
    await route.fulfill({ json: booked ? { ...me, ...PAID } : me });
  });
  await page.route('**/api/billing/confirm', (route) =>
    route.fulfill({ status: 503, json: { error: 'billing_unavailable', message: 'Later.' } }),
  );

  await page.goto('/?subscription=success&session_id=cs_sandbox_1&return_to=%2Faccount');
  await expect(page).toHaveURL('/account');
  await expect(news(page, 'Confirming your payment')).toBeVisible();
  await expectNothingForSale(page);
  await page.reload();
  await expect(news(page, 'Confirming your payment')).toBeVisible();
  await expectNothingForSale(page);
  await go(page, 'Home');
  await expect(news(page, 'Confirming your payment')).toBeVisible();
  await expectNothingForSale(page);
  await go(page, 'Account');
  booked = true;
  await expect(news(page, 'Premium is active')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByTestId('subscription-status')).toHaveText('Premium');
});

const PAID = {
  subscription_status: 'paid',
  subscription_expiry: '2099-01-01T00:00:00.000Z',
  image_limit: null,
};

async function expectNothingForSale(page: Page) {
  await expect(page.getByText('Your payment is being confirmed')).toBeVisible();
  await expect(page.getByText('Free', { exact: true })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Upgrade' })).toHaveCount(0);
}

test('a payment of nobody here is told so, and offered again', async ({ page }) => {
  await signUp(page);
  await page.goto('/?subscription=success&session_id=cs_of_somebody_else');
  await expect(page).toHaveURL('/');
  await expect(news(page, 'We do not find this payment')).toBeVisible();
  await expect(page.getByRole('main').getByText('Free', { exact: true })).toBeVisible();
});

test('a failed renewal asks for the card, and a renewal mends it', async ({ page }) => {
  await signUp(page);
  await go(page, 'Account');
  await page.getByRole('button', { name: 'Upgrade' }).click();
  await pay(page);
  await expect(page.getByTestId('subscription-status')).toHaveText('Premium');

  await page.getByRole('button', { name: 'Manage subscription' }).click();
  await page.getByRole('button', { name: 'Fail a renewal' }).click();
  await page.getByRole('link', { name: 'Return to LiveAssist' }).click();
  await expect(page.getByText('The last payment did not go through')).toBeVisible();
  await expect(page.getByTestId('subscription-status')).toHaveText('Premium');

  await page.getByRole('button', { name: 'Update card' }).click();
  await page.getByRole('button', { name: 'Renew now' }).click();
  await page.getByRole('link', { name: 'Return to LiveAssist' }).click();
  await expect(page.getByText('Renews on')).toBeVisible();
  await expect(page.getByText('The last payment did not go through')).toHaveCount(0);

  await page.getByRole('button', { name: 'Manage subscription' }).click();
  await page.getByRole('button', { name: 'Cancel at period end' }).click();
  await page.getByRole('link', { name: 'Return to LiveAssist' }).click();
  await expect(page.getByText('Ends on')).toBeVisible();
});

test('two presses make one purchase', async ({ page }) => {
  await signUp(page);
  let checkouts = 0;
  await page.route('**/api/billing/checkout', async (route) => {
    checkouts++;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await page.getByRole('button', { name: 'Upgrade' }).click();
  await expect(upgradeNow(page)).toContainText('€9');
  await upgradeNow(page).dblclick();
  await expect(page.getByRole('button', { name: 'Pay' })).toBeVisible();
  expect(checkouts).toBe(1);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('the offer and the account are accessible', async ({ page }) => {
      await signUp(page);
      await go(page, 'Account');
      await page.getByRole('button', { name: 'Upgrade' }).click();
      await expect(upgradeNow(page)).toContainText('€9');
      await expectAccessible(page, 'the offer');
      await pay(page);
      await expect(news(page, 'Premium is active')).not.toHaveCount(0);
      await expectAccessible(page, 'Account with Premium');
    });
  });
}
