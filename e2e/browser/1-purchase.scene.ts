import type { Page } from '@playwright/test';
import { DevTools } from './devtools.ts';
import { go, plan } from './device.ts';
import { expect, test } from './scene.ts';
import { reached, settings } from './settings.ts';

/** How long after Stripe's event an open page may still say Free: the same second. */
const sameSecond = 1000;

test('c. a payment shows on every open page', async ({
  browser,
  device,
  findings,
  photographer,
}) => {
  const laptop = await device('purchase-laptop');
  const phone = await device('purchase-phone');
  const returning = await laptop.signIn(settings.people.payer);
  const second = await laptop.context.newPage();
  await second.goto('/account');
  const elsewhere = await phone.signIn(settings.people.payer);
  await go(elsewhere, 'Account');

  await findings.claim('c', 'before the payment every open page says Free', async () => {
    for (const page of [second, elsewhere]) await expect(plan(page)).toHaveText('Free');
  });

  // Nobody touches these two from here on: what changes on them has come through the stream.
  const changes = [watch(second), watch(elsewhere)];
  await Promise.all(changes.map((c) => c.ready));
  const { deliveredAt } = await reached<{ deliveredAt: number }>('pages-open');

  for (const [name, change] of [
    ['a second tab that was only open', changes[0]!],
    ['a second device that was only open', changes[1]!],
  ] as const) {
    await findings.claim(
      'c',
      `${name} says Premium through its event stream, without a reload`,
      async () => {
        const { at, reloaded } = await change.turned();
        expect(reloaded, 'the page was loaded again').toBe(false);
        expect(at - deliveredAt, 'milliseconds from the delivery to the page').toBeLessThan(
          sameSecond,
        );
        return `${Math.max(0, at - deliveredAt)} ms after the event was sent`;
      },
    );
  }

  const tools = await DevTools.open(browser, returning, 'network');
  await findings.claim(
    'c',
    '/?subscription=success calls GET /api/users/me at once, and it answers paid',
    async () => {
      const answer = returning.waitForResponse(
        (r) => new URL(r.url()).pathname === '/api/users/me',
      );
      await returning.goto('/?subscription=success');
      const me = await answer;
      expect(me.status()).toBe(200);
      const user = (await me.json()) as { id: string; subscription_status: string };
      findings.fact('me', user);
      expect(user.id).toBe(settings.people.payer.id);
      expect(user.subscription_status).toBe('paid');
      return `"subscription_status":"${user.subscription_status}"`;
    },
  );
  await findings.claim(
    'c',
    'the page says Premium without a reload, and the address is clean again',
    async () => {
      await returning.evaluate(() => Object.assign(window, { loadedOnce: true }));
      await expect(
        returning.getByRole('main').getByText('Premium', { exact: true }).first(),
      ).toBeVisible();
      await expect(returning).toHaveURL((url) => !url.searchParams.has('subscription'));
      expect(
        await returning.evaluate(() => 'loadedOnce' in window),
        'the page was loaded again',
      ).toBe(true);
      return returning.url();
    },
  );
  await findings.claim('c', 'the Network panel shows the request and its JSON', async () => {
    await tools.request(/^me(\?|$|\W)/, 'Response');
    await tools.shows(/subscription_status/);
    await photographer.tools(
      tools.page,
      'users-me',
      'c',
      'Network panel after the redirect: the response of GET /api/users/me',
      returning.url(),
    );
  });
  await tools.close();

  await findings.claim(
    'c',
    'the account page says Premium, in both themes, on desk and phone',
    async () => {
      await go(returning, 'Account');
      await expect(plan(returning)).toHaveText('Premium');
      await photographer.everyLook(
        returning,
        'account-premium',
        'c',
        'The account page of a person with Premium',
      );
    },
  );
});

/** Watches an open page from within, until its plan reads Premium. */
function watch(page: Page) {
  const ready = page.evaluate(() => {
    const w = window as typeof window & { premiumAt?: number; watched?: boolean };
    w.watched = true;
    const look = () => {
      const text = document
        .querySelector('[data-testid="subscription-status"]')
        ?.textContent?.trim();
      if (text === 'Premium') w.premiumAt ??= Date.now();
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    look();
  });
  const turned = async () => {
    await expect(plan(page)).toHaveText('Premium');
    return page.evaluate(() => {
      const w = window as typeof window & { premiumAt?: number; watched?: boolean };
      return { at: w.premiumAt ?? Date.now(), reloaded: !w.watched };
    });
  };
  return { ready, turned };
}
