import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expectAccessible } from './axe.ts';
import { go, say, signUp } from './people.ts';
import { expect, test } from './server.ts';

const stored = (page: Page) => page.evaluate(() => localStorage.getItem('liveassistSessionId'));
const article = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });
const list = (page: Page) => page.getByRole('complementary', { name: 'Conversations' });
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const answered = (page: Page) =>
  expect(page.getByRole('button', { name: 'Copy' })).not.toHaveCount(0);

/** Two conversations in which the assistant has answered; the second is on the screen. */
async function two(page: Page): Promise<[string, string]> {
  await signUp(page);
  await go(page, 'LiveAssist');
  await say(page, 'The kitchen tap keeps dripping');
  await answered(page);
  const first = (await stored(page)) ?? '';
  await page.getByRole('button', { name: 'Conversations' }).click();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect(page.getByRole('heading', { name: /what needs fixing/ })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await say(page, 'The bedroom radiator stays cold');
  await answered(page);
  const second = (await stored(page)) ?? '';
  expect(second).not.toBe(first);
  return [first, second];
}

test('two conversations: new, switch, Back, rename, search, export', async ({ page }) => {
  const [first, second] = await two(page);
  await expect(list(page).getByRole('listitem')).toHaveCount(2);

  await test.step('a draft stays with its conversation', async () => {
    const field = page.getByRole('textbox', { name: 'Message' });
    await field.fill('About the radiator');
    await list(page)
      .getByRole('link', { name: /kitchen tap/ })
      .click();
    await expect(article(page, 'The kitchen tap keeps dripping')).toBeVisible();
    await expect.poll(() => stored(page)).toBe(first);
    await expect(field).toHaveValue('');
    await page.goBack();
    await expect(article(page, 'The bedroom radiator stays cold')).toBeVisible();
    await expect.poll(() => stored(page)).toBe(second);
    await expect(field).toHaveValue('About the radiator');
    await field.fill('');
    await page.goForward();
    await expect(article(page, 'The kitchen tap keeps dripping')).toBeVisible();
  });

  await test.step('nothing is lost by leaving and by reloading', async () => {
    await go(page, 'QuickFix');
    await go(page, 'LiveAssist');
    await expect(article(page, 'The kitchen tap keeps dripping')).toBeVisible();
    await page.reload();
    await expect(article(page, 'The kitchen tap keeps dripping')).toBeVisible();
    expect(await stored(page)).toBe(first);
  });

  await test.step('renames', async () => {
    await list(page).getByRole('button', { name: 'Rename' }).click();
    const dialog = page.getByRole('dialog', { name: 'Name this conversation' });
    await dialog.getByLabel('Name').fill('  ');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toContainText('Write a name.');
    await dialog.getByLabel('Name').fill('The tap');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await expect(heading(page)).toHaveText('The tap');
    await expect(list(page).getByRole('link', { name: /^The tap/ })).toBeVisible();
  });

  await test.step('exports as Markdown', async () => {
    const download = page.waitForEvent('download');
    await list(page).getByRole('link', { name: 'Save as a file' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`liveassist-${first}.md`);
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toContain('# The tap\n');
    expect(text).toContain('> The kitchen tap keeps dripping');
  });

  await test.step('finds what was said, and goes there', async () => {
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.fill('xyzzy');
    await expect(list(page).getByText('Nothing found for “xyzzy”')).toBeVisible();
    await search.fill('bedr');
    await expect(list(page).getByText('1 place found')).toBeVisible();
    await expect(list(page).locator('mark')).toHaveText('bedroom');
    await list(page)
      .getByRole('link', { name: /bedroom/ })
      .click();
    await expect(article(page, 'The bedroom radiator stays cold')).toBeFocused();
    await expect(article(page, 'The bedroom radiator stays cold')).toBeInViewport();
    await expect(page).toHaveURL(`/liveassist?conversation=${second}`);
    await page.goBack();
    await expect(heading(page)).toHaveText('The tap');
  });
});

test('rates a reply, and the rating is there after a reload', async ({ page }) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  await say(page, 'The kitchen tap keeps dripping');
  const up = page.getByRole('button', { name: 'Helpful', exact: true });
  const noted = page.waitForResponse((r) => r.url().endsWith('/rating') && r.status() === 204);
  await up.click();
  await expect(up).toHaveAttribute('aria-pressed', 'true');
  await noted;
  await page.reload();
  await expect(up).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('button', { name: 'Not helpful' })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
});

test('asks for a person, who types and answers', async ({ page }) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  await say(page, 'Who can fly to the moon');
  await expect(article(page, 'press Ask for a person')).toBeVisible();
  const id = (await stored(page)) ?? '';
  await page.getByRole('button', { name: 'Ask for a person' }).click();
  const state = page.getByRole('status').filter({ hasText: 'Waiting for a person' });
  await expect(state).toBeVisible();
  await page.reload();
  await expect(state).toBeVisible();
  const standing = await page.request.get(`/api/liveassist/sessions/${id}`);
  expect(await standing.json()).toMatchObject({ desk: 'waiting' });

  // What an operator's side sends, since this program has none of its own here.
  const told: string[] = [];
  page.on('request', (r) => r.url().endsWith('/typing') && told.push(r.method()));
  await page.route(`**/api/liveassist/sessions/${id}`, (route) =>
    route.fulfill({ json: { ...TAKEN, id } }),
  );
  await stream(page, [
    ['conversation.updated', { sessionId: id, desk: 'operator', operator: 'Robin', title: 'x' }],
  ]);
  await expect(page.getByText('Robin is here')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ask for a person' })).toHaveCount(0);
  await page
    .getByRole('textbox', { name: 'Message' })
    .pressSequentially('thank you', { delay: 20 });
  await expect.poll(() => told).toEqual(['POST']);

  await stream(page, [['conversation.typing', { sessionId: id, role: 'operator' }]]);
  await expect(page.getByText('Robin is typing…')).toBeVisible();
  await stream(page, [
    ['conversation.typing', { sessionId: id, role: 'operator' }],
    ['message.created', reply(id, 1)],
  ]);
  await expect(article(page, 'Reply 1')).toBeVisible();
  await expect(page.getByText('Robin is here')).toBeVisible();
});

test('counts replies that came elsewhere, in the title and beside the link', async ({ page }) => {
  const [first] = await two(page);
  const link = page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'LiveAssist', exact: true });
  await stream(page, [['message.created', reply(first, 1)]]);
  await expect(page).toHaveTitle('(1) LiveAssist');
  await expect(link).toHaveAccessibleName('LiveAssist');
  await expect(link).toHaveAccessibleDescription('1 unread reply');
  await go(page, 'Home');
  await stream(page, [['message.created', reply(first, 2)]]);
  await expect(page).toHaveTitle(/^\(2\) /);
  await page.reload();
  await expect(page).toHaveTitle(/^\(2\) /);
  await go(page, 'LiveAssist');
  await list(page)
    .getByRole('link', { name: /2 unread replies/ })
    .click();
  await expect(page).toHaveTitle('LiveAssist');
  await expect(link).toHaveAccessibleDescription('');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const locale of ['en-GB', 'sv-SE']) {
    for (const width of [390, 1280]) {
      test.describe(`${colorScheme}, ${locale}, ${width}`, () => {
        test.use({
          colorScheme,
          locale,
          viewport: { width, height: 800 },
          contextOptions: { reducedMotion: 'reduce' },
        });

        test('the conversations are accessible', async ({ page }) => {
          await page.request.post('/api/auth/register', {
            data: { email: `axe.${Date.now()}@example.com`, password: 'a long password' },
          });
          for (const text of ['Tap drips', 'Radiator is cold']) {
            const made = await page.request.post('/api/liveassist/sessions');
            const { sessionId } = (await made.json()) as { sessionId: string };
            await page.request.post(`/api/liveassist/sessions/${sessionId}/messages`, {
              data: { text },
            });
            await page.request.post(`/api/liveassist/sessions/${sessionId}/ask-person`);
          }
          await page.goto('/liveassist');
          await expect(page.locator('button[aria-pressed]').first()).toBeVisible();
          await page.locator('button[aria-pressed]').first().click();
          await expectAccessible(page, 'a conversation');
          if (width === 390) await page.locator('header button').first().click();
          await expect(page.getByRole('searchbox')).toBeVisible();
          await expectAccessible(page, 'the list');
          await page.getByRole('searchbox').fill('tap');
          await expect(page.locator('mark').first()).toBeVisible();
          await expectAccessible(page, 'what was found');
        });
      });
    }
  }
}

const TAKEN = {
  title: 'x',
  desk: 'operator',
  operator: 'Robin',
  waitingSince: null,
  assistant: false,
  pending: [],
  failed: [],
  ratings: {},
};

const reply = (sessionId: string, n: number) => ({
  id: `00000000-0000-4000-8000-00000000000${n}`,
  sessionId,
  role: 'operator',
  text: `Reply ${n}`,
  image: null,
  createdAt: new Date(Date.now() + n).toISOString(),
});

let eventId = 1_000_000;

/** Cuts the stream, and lets the next one bring `events`; the ones after it are the server's. */
async function stream(page: Page, events: [string, object][]) {
  const body = events
    .map(([name, data]) => `id: ${++eventId}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
    .join('');
  await page.unroute('**/api/events');
  await page.route('**/api/events', (route) =>
    route.fulfill({ contentType: 'text/event-stream', body }),
  );
  await page.context().setOffline(true);
  await page.context().setOffline(false);
}
