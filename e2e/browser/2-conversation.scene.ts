import type { Page } from '@playwright/test';
import { DevTools } from './devtools.ts';
import { go, photo } from './device.ts';
import { expect, test } from './scene.ts';
import { settings } from './settings.ts';

const texts = [
  'My kitchen tap keeps dripping, also when it is closed.',
  'It began after the plumber was here on Monday.',
];

test('d. a conversation survives a walk through the app', async ({
  browser,
  device,
  findings,
  photographer,
}) => {
  const person = await device('conversation');
  const page = await person.signIn(settings.people.payer);
  await go(page, 'LiveAssist');

  await findings.claim('d', 'two texts and one image are sent', async () => {
    for (const text of texts) await say(page, text);
    await sendPhoto(page, 'The tap');
    await expectConversation(page);
  });
  const sessionId = await findings.claimed(
    'd',
    'localStorage holds liveassistSessionId',
    async () => {
      const id = await page.evaluate(() => localStorage.getItem('liveassistSessionId'));
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      return id!;
    },
  );
  findings.fact('sessionId', sessionId);
  await photographer.everyLook(
    page,
    'liveassist-before',
    'd',
    'LiveAssist before leaving the page',
  );

  await findings.claim(
    'd',
    'to Home, to QuickFix and back: the conversation is still there',
    async () => {
      for (const name of ['Home', 'QuickFix'] as const) {
        await go(page, name);
        await expect(page.getByRole('log', { name: 'Conversation' })).toHaveCount(0);
      }
      await go(page, 'LiveAssist');
      await expectConversation(page);
      expect(await page.evaluate(() => localStorage.getItem('liveassistSessionId'))).toBe(
        sessionId,
      );
    },
  );
  await photographer.everyLook(
    page,
    'liveassist-after',
    'd',
    'LiveAssist after Home, QuickFix and back',
  );

  const network = await DevTools.open(browser, page, 'network');
  await findings.claim(
    'd',
    'after a reload the app asks for the messages, and the answer holds all three',
    async () => {
      const path = `/api/liveassist/sessions/${sessionId}/messages`;
      const answer = page.waitForResponse(
        (r) => new URL(r.url()).pathname === path && r.request().method() === 'GET',
      );
      await page.reload();
      const messages = (await (await answer).json()) as {
        role: string;
        text: string;
        image: unknown;
      }[];
      findings.fact('messages', messages);
      const mine = messages.filter((m) => m.role === 'user');
      expect(mine.map((m) => m.text).slice(0, 2)).toEqual(texts);
      expect(mine.filter((m) => m.image !== null)).toHaveLength(1);
      await expectConversation(page);
      return `GET ${path}: ${mine.length} messages of the person`;
    },
  );
  await findings.claim('d', 'the Network panel shows the request and its JSON', async () => {
    await network.request(/^messages/, 'Response');
    await network.shows(/plumber was here/);
    await photographer.tools(
      network.page,
      'messages',
      'd',
      'Network panel: GET /api/liveassist/sessions/:sessionId/messages',
      page.url(),
    );
  });
  await network.close();

  await findings.claim('d', 'the Application panel shows the id in local storage', async () => {
    const application = await DevTools.open(browser, page, 'resources');
    await application.localStorage(settings.url);
    await application.shows('liveassistSessionId');
    await application.shows(sessionId);
    await photographer.tools(
      application.page,
      'local-storage',
      'd',
      'Application panel: local storage with liveassistSessionId',
      page.url(),
    );
    await application.close();
  });
});

/** Each text stands there once, and so does the photo. The log may hold replies besides. */
async function expectConversation(page: Page): Promise<void> {
  const messages = page.getByRole('log', { name: 'Conversation' }).getByRole('article');
  for (const text of texts) await expect(messages.filter({ hasText: text })).toHaveCount(1);
  await expect(messages.filter({ has: page.locator('img') })).toHaveCount(1);
}

async function say(page: Page, text: string): Promise<void> {
  const stored = page.waitForResponse(
    (r) => r.request().method() === 'POST' && /\/messages$/.test(new URL(r.url()).pathname),
  );
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  expect((await stored).status()).toBe(201);
  await expect(page.getByRole('article').filter({ hasText: text })).toBeVisible();
}

async function sendPhoto(page: Page, name: string): Promise<void> {
  const stored = page.waitForResponse(
    (r) => r.request().method() === 'POST' && /\/images$/.test(new URL(r.url()).pathname),
  );
  await page.getByLabel('Add image').setInputFiles(await photo(page, name));
  await page.getByRole('button', { name: 'Send' }).click();
  expect((await stored).status()).toBe(201);
}
