import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './server.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const locale of ['en-GB', 'sv-SE']) {
    test.describe(`${colorScheme}, ${locale}`, () => {
      test.use({ colorScheme, locale, contextOptions: { reducedMotion: 'reduce' } });

      test('every page is accessible', async ({ page }) => {
        for (const path of [
          '/',
          '/quickfix',
          '/liveassist',
          '/account',
          '/login',
          '/register',
          '/no-such-page',
        ]) {
          await page.goto(path);
          await expectAccessible(page, `${path} signed out`);
        }
        await signUpByApi(page);
        for (const path of ['/', '/quickfix', '/liveassist', '/account']) {
          await page.goto(path);
          await expectAccessible(page, `${path} signed in`);
        }
        await page.goto('/quickfix');
        await page.locator('main a[href^="/quickfix/"]').first().click();
        await expectAccessible(page, 'a guide');
      });
    });
  }
}

/** The form has other words in each language; the API has not. */
async function signUpByApi(page: Page) {
  const answer = await page.request.post('/api/auth/register', {
    data: { email: `axe.${Date.now()}@example.com`, password: 'a long password', name: 'Kim' },
  });
  expect(answer.status()).toBe(201);
}
