import type { Page } from '@playwright/test';
import { DevTools } from './devtools.ts';
import { go, photo } from './device.ts';
import { expect, test } from './scene.ts';
import { settings } from './settings.ts';

/** How long the page may think before it is believed that it sends nothing. */
const quiet = 1500;

test('e. the third photo of the day meets the upgrade dialog first', async ({
  browser,
  device,
  findings,
  photographer,
}) => {
  const person = await device('limit');
  const page = await person.signIn(settings.people.free);
  await go(page, 'LiveAssist');
  const allowance = page.getByTestId('image-allowance').first();
  const uploads: string[] = [];
  page.on('request', (r) => {
    if (isUpload(r.method(), r.url())) uploads.push(r.url());
  });

  await findings.claim('e', 'a free person sees the allowance: 2 of 2', async () => {
    await expect(allowance).toHaveText(/^2 of 2/);
  });
  for (const [n, left] of [
    [1, '1 of 2'],
    [2, '0 of 2'],
  ] as const) {
    await findings.claim('e', `photo ${n} is accepted, and ${left} are left`, async () => {
      const stored = page.waitForResponse((r) => isUpload(r.request().method(), r.url()));
      await page.getByLabel('Add image').setInputFiles(await photo(page, `Photo ${n}`));
      await page.getByRole('button', { name: 'Send' }).click();
      const answer = await stored;
      expect(answer.status()).toBe(201);
      await expect(allowance).toHaveText(new RegExp(`^${left}`));
      const message = (await answer.json()) as { image: { id: string }; sessionId: string };
      findings.fact('freeSessionId', message.sessionId);
      return `201, image ${message.image.id}`;
    });
  }

  const dialog = page.getByRole('dialog', { name: 'Upgrade' });
  await findings.claim(
    'e',
    'the upgrade dialog opens when the third photo is picked, before anything is sent',
    async () => {
      const before = uploads.length;
      await page.getByLabel('Add image').setInputFiles(await photo(page, 'Photo 3'));
      await expect(dialog).toBeVisible();
      for (const name of ['Monthly', 'Yearly', 'Upgrade now', 'Not now']) {
        await expect(
          dialog.getByRole('button', { name }).or(dialog.getByRole('radio', { name })).first(),
        ).toBeVisible();
      }
      await page.waitForTimeout(quiet);
      expect(uploads.length - before, 'uploads since the third photo was picked').toBe(0);
      await expect(dialog).toBeVisible();
      findings.fact('uploadsBeforeDialog', before);
      return `${before} uploads, both of accepted photos`;
    },
  );
  await photographer.everyLook(
    page,
    'upgrade-dialog',
    'e',
    'The upgrade dialog, opened by picking a third photo',
  );
  await findings.claim('e', '"Not now" closes the dialog, and still nothing is sent', async () => {
    await dialog.getByRole('button', { name: 'Not now' }).click();
    await expect(dialog).toBeHidden();
    await page.waitForTimeout(quiet);
    expect(uploads.length).toBe(2);
  });

  const tools = await DevTools.open(browser, page, 'network');
  await findings.claim('e', 'the API itself refuses the third: 403 IMAGE_DAY_LIMIT', async () => {
    const refused = await upload(page, await photo(page, 'Photo 3'));
    findings.fact('refused', refused);
    expect(refused.status).toBe(403);
    expect(refused.body).toEqual({
      error: 'limit_exceeded',
      code: 'IMAGE_DAY_LIMIT',
      message: 'Daily image limit reached. Upgrade to send more images.',
    });
    return JSON.stringify(refused.body);
  });
  await findings.claim('e', 'the Network panel shows the request and the refusal', async () => {
    await tools.request(/^images/, 'Headers');
    await tools.shows(/403/);
    await photographer.tools(
      tools.page,
      'image-403-request',
      'e',
      'Network panel: the third upload as a request, answered 403',
      page.url(),
    );
    await tools.request(/^images/, 'Response');
    await tools.shows(/IMAGE_DAY_LIMIT/);
    await photographer.tools(
      tools.page,
      'image-403-response',
      'e',
      'Network panel: the refusal of the third upload',
      page.url(),
    );
  });
  await tools.close();
});

function isUpload(method: string, url: string): boolean {
  return (
    method === 'POST' && /^\/api\/liveassist\/sessions\/[^/]+\/images$/.test(new URL(url).pathname)
  );
}

/** Sends a photo past the app's own check, as somebody would who does not use the app. */
async function upload(page: Page, file: { name: string; mimeType: string; buffer: Buffer }) {
  return page.evaluate(
    async ({ name, type, data }) => {
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      const form = new FormData();
      form.set('id', crypto.randomUUID());
      form.set('image', new File([bytes], name, { type }));
      const id = localStorage.getItem('liveassistSessionId');
      const answer = await fetch(`/api/liveassist/sessions/${id}/images`, {
        method: 'POST',
        body: form,
      });
      return { status: answer.status, body: (await answer.json()) as unknown };
    },
    { name: file.name, type: file.mimeType, data: file.buffer.toString('base64') },
  );
}
