import type { Browser, BrowserContext, Page } from '@playwright/test';
import { createHmac, randomUUID } from 'node:crypto';
import { expectAccessible } from './axe.ts';
import { go, say, signUp } from './people.ts';
import { aPhoto, pick } from './photo.ts';
import { expect, test } from './server.ts';
import type { Server } from './server.ts';

const SECRET = 'whsec_operator_story';
test.use({ settings: { STRIPE_WEBHOOK_SECRET: SECRET } });

/** Another person's browser, so that nothing is shared but the server. */
async function another(browser: Browser, baseURL: string | undefined, options = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ baseURL: baseURL!, ...options });
  return context.newPage();
}

async function idOf(page: Page): Promise<string> {
  return ((await (await page.request.get('/api/users/me')).json()) as { id: string }).id;
}

/** Signs up, and becomes an operator by the program's own command. */
async function signUpOperator(page: Page, server: Server) {
  await signUp(page);
  await server.command('operator', 'add', await idOf(page));
  await page.reload();
  await expect(page.getByRole('link', { name: 'Operator' })).toBeVisible();
}

/** Sends an event as Stripe does, signed. */
async function deliver(page: Page, event: object) {
  const body = JSON.stringify(event);
  const at = Math.floor(Date.now() / 1000);
  const mac = createHmac('sha256', SECRET).update(`${at}.${body}`).digest('hex');
  const answer = await page.request.post('/api/webhooks/stripe', {
    data: body,
    headers: { 'Content-Type': 'application/json', 'Stripe-Signature': `t=${at},v1=${mac}` },
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** A paid invoice that tells whom it is for by the customer alone. */
function invoicePaid(customer: string) {
  const now = Math.floor(Date.now() / 1000);
  const n = randomUUID();
  return {
    id: `evt_${n}`,
    type: 'invoice.paid',
    created: now,
    livemode: false,
    data: {
      object: {
        id: `in_${n}`,
        customer,
        subscription: `sub_${n}`,
        billing_reason: 'subscription_create',
        amount_paid: 900,
        status: 'paid',
        lines: { data: [{ period: { start: now, end: now + 30 * 24 * 3600 } }] },
      },
    },
  };
}

const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Operator' }).getByRole('link', { name });
const article = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });

test('a person asks for somebody, an operator answers live and hands back', async ({
  page,
  browser,
  baseURL,
  server,
}) => {
  const desk = await another(browser, baseURL);
  await signUpOperator(desk, server);
  await desk.getByRole('link', { name: 'Operator' }).click();
  await expect(desk.getByRole('heading', { name: 'Nobody is waiting' })).toBeVisible();

  const { email } = await signUp(page);
  await go(page, 'LiveAssist');
  await say(page, 'Water drips from the kitchen tap');
  await pick(page, await aPhoto(page, 'tap.jpg'));
  await page.getByRole('button', { name: 'Send' }).click();
  const sessionId = await page.evaluate(() => localStorage.getItem('liveassistSessionId'));

  await test.step('the inbox shows who waits, without a reload', async () => {
    await page.request.post(`/api/liveassist/sessions/${sessionId}/ask-person`);
    const row = desk.getByRole('list', { name: 'Waiting' }).getByRole('link', { name: email });
    await expect(row).toBeVisible();
    await expect(tab(desk, 'Conversations')).toContainText('1');
    await row.click();
  });

  await test.step('reads the words and the photo', async () => {
    await expect(article(desk, 'Water drips from the kitchen tap')).toBeVisible();
    await expect(desk.getByText('Take over to reply.')).toBeVisible();
    await desk.getByRole('button', { name: 'Open photo' }).click();
    const photo = desk.getByRole('dialog', { name: 'Photo' }).getByRole('img');
    await expect.poll(() => photo.evaluate((i: HTMLImageElement) => i.naturalWidth)).toBe(1200);
    await desk.keyboard.press('Escape');
  });

  await test.step('takes over and replies; the open tab of the person shows it', async () => {
    await desk.getByRole('button', { name: 'Take over' }).click();
    const field = desk.getByRole('textbox', { name: 'Reply' });
    await desk.getByRole('button', { name: 'Replies from the guides' }).click();
    const canned = desk.getByRole('dialog', { name: 'Replies from the guides' });
    await canned.getByLabel('Search replies').fill('tap drips');
    await canned.getByRole('list').getByRole('button', { name: /tap/i }).first().click();
    await expect(field).not.toHaveValue('');
    await field.fill('Please close the stop valve **first**.');
    await desk.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(article(page, 'Please close the stop valve first.')).toBeVisible();
    await expect(article(desk, 'Please close the stop valve first.')).toHaveCount(1);
    await expect(field).toHaveValue('');
    await expect(tab(desk, 'Conversations')).not.toContainText('1');
  });

  await test.step('the person answers, and nothing but the operator replies', async () => {
    await page.request.post(`/api/liveassist/sessions/${sessionId}/typing`);
    await expect(desk.getByText(`${email} is typing…`)).toBeVisible();
    await say(page, 'The valve is closed');
    await expect(article(desk, 'The valve is closed')).toBeVisible();
    await expect(desk.getByText(`${email} is typing…`)).toBeHidden();
  });

  await test.step('a reply that did not arrive goes under the same id, once', async () => {
    const ids: string[] = [];
    const path = `**/api/operator/conversations/${sessionId}/messages`;
    await desk.route(path, async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      ids.push((route.request().postDataJSON() as { id: string }).id);
      // The server has it, the answer is lost.
      if (ids.length === 1) await route.fetch();
      return ids.length === 1 ? route.abort() : route.continue();
    });
    await desk.getByRole('textbox', { name: 'Reply' }).fill('Well done');
    await desk.keyboard.press('Enter');
    await expect(article(page, 'Well done')).toHaveCount(1);
    await expect.poll(() => ids.length).toBe(2);
    await expect(desk.getByText('Sending…')).toHaveCount(0);
    expect(new Set(ids).size).toBe(1);
    await desk.reload();
    await expect(article(desk, 'Well done')).toHaveCount(1);
    await desk.unroute(path);
  });

  await test.step('hands back: the assistant answers again', async () => {
    await desk.getByRole('button', { name: 'Hand back' }).click();
    await expect(desk.getByText('The assistant answers here.')).toBeVisible();
    await say(page, 'A radiator stays cold at the top');
    await expect(article(page, 'radiator').last()).toBeVisible();
    await expect.poll(() => page.getByRole('article').last().textContent()).toMatch(/^LiveAssist/);
  });

  await test.step('all of it is in the audit log', async () => {
    await tab(desk, 'Audit log').click();
    for (const action of ['Took a conversation over', 'Replied', 'Handed a conversation back']) {
      await expect(
        desk.getByRole('list', { name: 'Audit log' }).getByText(action).first(),
      ).toBeVisible();
    }
  });
  await desk.context().close();
});

test('who paid and is not Premium is found and mended', async ({
  page,
  browser,
  baseURL,
  server,
}) => {
  const desk = await another(browser, baseURL);
  await signUpOperator(desk, server);
  const { email } = await signUp(page);
  const customer = `cus_sandbox_${(await idOf(page)).replaceAll('-', '')}`;
  await deliver(page, invoicePaid(customer));
  await go(page, 'Account');
  await expect(page.getByTestId('subscription-status')).toHaveText('Free');

  await desk.goto('/operator');
  await desk.getByRole('link', { name: 'Unprocessed webhooks' }).click();
  await expect(desk).toHaveURL('/operator/webhooks?status=parked');
  await desk.getByRole('list', { name: 'Webhooks' }).getByRole('link').click();
  const detail = desk.getByRole('region', { name: 'Details' });
  await expect(detail.getByRole('region', { name: 'Raw JSON' })).toContainText(customer);

  await test.step('a replay that cannot be booked says so', async () => {
    await detail.getByRole('button', { name: 'Replay' }).click();
    await expect(detail.getByText('Still parked')).toBeVisible();
    await expect(detail.getByText('The event still cannot be booked.')).toBeVisible();
    await expect(page.getByTestId('subscription-status')).toHaveText('Free');
  });

  await test.step('nothing is called processed before the server said so', async () => {
    // The person opens the payment page: now it is known whose customer that is.
    await page.request.post('/api/billing/checkout', { data: { plan: 'month' } });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await desk.route('**/replay', async (route) => {
      const response = await route.fetch();
      await held;
      return route.fulfill({ response });
    });
    await detail.getByRole('button', { name: 'Replay' }).click();
    await expect(detail.getByText('Running')).toBeVisible();
    await expect(page.getByTestId('subscription-status')).toHaveText('Premium');
    await expect(detail.getByText('The event was processed.')).toHaveCount(0);
    release();
    await expect(detail.getByText('The event was processed.')).toBeVisible();
    await desk.unroute('**/replay');
  });

  await test.step('nothing is left to do', async () => {
    await desk.goto('/operator/webhooks?status=parked');
    await expect(desk.getByRole('heading', { name: 'No unprocessed webhooks' })).toBeVisible();
  });

  await test.step('the time line tells the whole story', async () => {
    await tab(desk, 'Users').click();
    await desk.getByLabel('Search users').fill(email);
    await desk.getByRole('list', { name: 'Users' }).getByRole('link', { name: email }).click();
    await expect(desk.getByRole('region', { name: 'Plan' })).toContainText('Premium');
    await desk.getByRole('link', { name: 'Evidence' }).last().click();
    const line = desk.getByRole('list', { name: 'Time line' });
    for (const what of [
      'invoice.paid',
      'subscription.updated',
      'first_premium',
      'Replayed a webhook',
    ])
      await expect(line.getByText(what, { exact: true }).first()).toBeVisible();
  });

  await test.step('Premium is ended and given by hand, with a reason, live', async () => {
    await desk.getByRole('link', { name: email }).click();
    await desk.getByRole('button', { name: 'End Premium' }).click();
    const end = desk.getByRole('dialog', { name: /End Premium of/ });
    await expect(end.getByRole('button', { name: 'End Premium' })).toBeDisabled();
    await end.getByLabel('Reason').fill('Asked for it by mail');
    await end.getByRole('button', { name: 'End Premium' }).click();
    await expect(page.getByTestId('subscription-status')).toHaveText('Free');
    await desk.getByRole('button', { name: 'Give Premium' }).click();
    const give = desk.getByRole('dialog', { name: /Give Premium to/ });
    await give.getByLabel('Reason').fill('Changed her mind');
    await give.getByRole('button', { name: 'Give Premium' }).click();
    await expect(page.getByTestId('subscription-status')).toHaveText('Premium');
    await expect(desk.getByText('Changed her mind', { exact: true })).toBeVisible();
  });

  await test.step('the list can be downloaded', async () => {
    await tab(desk, 'Users').click();
    const [file] = await Promise.all([
      desk.waitForEvent('download'),
      desk.getByRole('link', { name: 'CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/\.csv$/);
  });
  await desk.context().close();
});

test('for anybody else there is no such page', async ({ page }) => {
  await page.goto('/operator');
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await signUp(page);
  for (const path of ['/operator', '/operator/users']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Operator' })).toHaveCount(0);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const locale of ['en-GB', 'sv-SE']) {
    test(`every tab is accessible: ${colorScheme}, ${locale}`, async ({
      browser,
      baseURL,
      server,
    }) => {
      const page = await another(browser, baseURL, {
        colorScheme,
        locale,
        reducedMotion: 'reduce',
        viewport: locale === 'sv-SE' ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      });
      await page.request.post('/api/auth/register', {
        data: { email: `axe.${Date.now()}@example.com`, password: 'a long password', name: 'Kim' },
      });
      const me = await idOf(page);
      await server.command('operator', 'add', me);
      const { sessionId } = (await (
        await page.request.post('/api/liveassist/sessions')
      ).json()) as { sessionId: string };
      await page.request.post(`/api/liveassist/sessions/${sessionId}/messages`, {
        data: { text: 'The kitchen tap drips' },
      });
      await page.request.post(`/api/liveassist/sessions/${sessionId}/ask-person`);
      await page.request.post(`/api/operator/conversations/${sessionId}/take`);
      await deliver(page, invoicePaid('cus_nobody'));
      const { items } = (await (await page.request.get('/api/operator/webhooks')).json()) as {
        items: { id: string }[];
      };
      for (const path of [
        '',
        '/conversations?show=waiting',
        `/conversations?show=mine&id=${sessionId}`,
        '/users',
        `/users?id=${me}`,
        '/webhooks',
        `/webhooks?id=${items[0]!.id}`,
        '/evidence',
        `/evidence?user=${me}`,
        '/audit',
        '/nothing',
      ]) {
        await page.goto(`/operator${path}`);
        await expectAccessible(page, `/operator${path}`);
        const beyond = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(beyond, `/operator${path} is wider than the window`).toBeLessThanOrEqual(0);
      }
      await page.context().close();
    });
  }
}
