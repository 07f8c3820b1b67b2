import { go, signUp } from './people.ts';
import { aPhoto, holdPhotos, keptPhotos, photosIn, pick } from './photo.ts';
import { expect, test } from './server.ts';

test('two photos a day, the dialog at the third, and the photo goes by itself when paid', async ({
  page,
  context,
}) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  const allowance = page.getByTestId('image-allowance');
  await expect(allowance).toHaveText('2 of 2 images left today');
  const other = await context.newPage();
  await other.goto('/liveassist');

  await test.step('sends two', async () => {
    await pick(page, await aPhoto(page, 'tap.jpg', 3000, 2000));
    await page.getByRole('textbox', { name: 'Message' }).fill('The tap');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(photosIn(page)).toHaveCount(1);
    await expect(allowance).toHaveText('1 of 2 images left today');
    await expect(other.getByTestId('image-allowance')).toHaveText('1 of 2 images left today');
    await pick(page, await aPhoto(page, 'sink.jpg'));
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(photosIn(page)).toHaveCount(2);
    await expect(allowance).toHaveText('0 of 2 images left today');
    await expect(photosIn(other)).toHaveCount(2);
  });

  const dialog = page.getByRole('dialog', { name: 'Upgrade' });
  let uploads = 0;
  page.on('request', (r) => {
    if (r.method() === 'POST' && r.url().endsWith('/images')) uploads++;
  });

  await test.step('the dialog opens at the third, before any upload; Not now keeps the photo', async () => {
    await pick(page, await aPhoto(page, 'third.jpg'));
    await expect(dialog).toBeVisible();
    await dialog.getByRole('button', { name: 'Not now' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('img', { name: 'third.jpg' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('img', { name: 'third.jpg' })).toBeVisible();
    expect(uploads).toBe(0);
  });

  await test.step('a text passes meanwhile', async () => {
    await page.getByRole('textbox', { name: 'Message' }).fill('One moment');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByRole('article').filter({ hasText: 'One moment' })).toBeVisible();
    await page.getByRole('textbox', { name: 'Message' }).fill('This is the third');
  });

  await test.step('pays, and the photo arrives by itself with its words', async () => {
    await page
      .getByRole('region', { name: 'Photos to send' })
      .getByRole('button', { name: 'Upgrade' })
      .click();
    await dialog.getByRole('button', { name: 'Yearly' }).click();
    await dialog.getByRole('button', { name: 'Upgrade now' }).click();
    await page.getByRole('button', { name: 'Pay' }).click();
    await page.waitForURL((url) => url.port !== '' && !url.pathname.startsWith('/sandbox'));
    await go(page, 'LiveAssist');
    await expect(photosIn(page)).toHaveCount(3);
    await expect(page.getByRole('article').filter({ hasText: 'This is the third' })).toBeVisible();
    await expect(photosIn(other)).toHaveCount(3);
    await expect(page.getByRole('region', { name: 'Photos to send' })).toHaveCount(0);
    await expect(allowance).not.toContainText('left today');
    await expect(other.getByTestId('image-allowance')).not.toContainText('left today');
    const me = (await (await page.request.get('/api/users/me')).json()) as {
      image_counter: number;
    };
    expect(me.image_counter).toBe(0);
  });

  await test.step('a fourth needs no dialog', async () => {
    await pick(page, await aPhoto(page, 'fourth.jpg'));
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(photosIn(page)).toHaveCount(4);
    await expect(dialog).toBeHidden();
  });

  await test.step('a press shows the photo in full, Escape closes it', async () => {
    await photosIn(page).first().click();
    const full = page.getByRole('dialog', { name: 'Photo' });
    await expect(full.getByRole('img')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(full).toBeHidden();
    await expect(photosIn(page).first()).toBeFocused();
  });
});

test('a limit that the server finds first opens the same dialog and loses nothing', async ({
  page,
}) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  await expect(page.getByTestId('image-allowance')).toHaveText('2 of 2 images left today');
  await page.route('**/images', (route) =>
    route.fulfill({
      status: 403,
      json: {
        error: 'limit_exceeded',
        code: 'IMAGE_DAY_LIMIT',
        message: 'Daily image limit reached. Upgrade to send more images.',
      },
    }),
  );
  await pick(page, await aPhoto(page, 'late.jpg'));
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('dialog', { name: 'Upgrade' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('img', { name: 'late.jpg' })).toBeVisible();
});

test('photos are made smaller, dropped and pasted, and bad files are told in words', async ({
  page,
}) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  const tray = page.getByRole('region', { name: 'Photos to send' });

  await pick(page, { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') });
  await expect(page.getByRole('alert')).toContainText('notes.jpg is not a photo that we can read');

  const photo = await aPhoto(page, 'wide.jpg', 4000, 1000);
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'dropped.jpg', { type: 'image/jpeg' }));
    const log = document.getElementById('messages');
    log?.dispatchEvent(
      new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }),
    );
  }, photo.buffer.toString('base64'));
  await expect(tray.getByRole('img', { name: 'dropped.jpg' })).toBeVisible();

  const upload = page.waitForResponse((r) => r.url().endsWith('/images'));
  await page.getByRole('button', { name: 'Send' }).click();
  const message = (await (await upload).json()) as { image: { width: number; height: number } };
  expect(message.image).toMatchObject({ width: 2048, height: 512 });

  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'pasted.jpg', { type: 'image/jpeg' }));
    const field = document.querySelector('textarea');
    field?.dispatchEvent(
      new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }),
    );
  }, photo.buffer.toString('base64'));
  await tray.getByRole('button', { name: 'Remove pasted.jpg' }).click();
  await expect(tray).toHaveCount(0);
});

test('an upload can be cancelled and sent again', async ({ page }) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  let hold = true;
  await page.route('**/images', async (route) => {
    if (hold) return;
    await route.continue();
  });
  await pick(page, await aPhoto(page, 'slow.jpg'));
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('log').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('img', { name: 'slow.jpg' })).toBeVisible();
  hold = false;
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(photosIn(page)).toHaveCount(1);
  await expect(page.getByTestId('image-allowance')).toHaveText('1 of 2 images left today');
});

test('what is sent waits for a photo that is still being made ready, in its own conversation', async ({
  page,
}) => {
  await signUp(page);
  await go(page, 'LiveAssist');
  const field = page.getByRole('textbox', { name: 'Message' });
  const send = page.getByRole('button', { name: 'Send' });
  const articles = page.getByRole('log').getByRole('article');
  let posts = 0;
  page.on('request', (r) => {
    if (r.method() === 'POST' && /\/(messages|images)$/.test(r.url())) posts++;
  });

  const first = await aPhoto(page, 'first.jpg');
  const release = await holdPhotos(page);
  await field.fill('The tap');
  await pick(page, first);
  await send.click();
  await page.waitForTimeout(300); // long enough for a text that goes alone
  expect(posts).toBe(0);
  await expect(field).toHaveValue('The tap');
  await release();
  const sent = articles.filter({ hasText: 'The tap' });
  await expect(sent.getByRole('button', { name: /^Open photo/ })).toBeVisible();
  await expect(field).toHaveValue('');
  await expect.poll(() => posts).toBe(1);

  const second = await aPhoto(page, 'second.jpg');
  const releaseSecond = await holdPhotos(page);
  await field.fill('And the sink');
  await pick(page, second);
  await send.click();
  const here = page.url();
  await page.getByRole('button', { name: 'Conversations' }).click();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect(page).not.toHaveURL(here);
  // The new one has nothing to wait for.
  await expect(page.getByText('Preparing…')).toHaveCount(0);
  await field.fill('And now the stove');
  await send.click();
  await expect(articles.filter({ hasText: 'And now the stove' })).toBeVisible();
  await expect.poll(() => posts).toBe(2);
  await releaseSecond();
  await expect.poll(() => keptPhotos(page)).toBe(1);
  await expect(page.getByRole('region', { name: 'Photos to send' })).toHaveCount(0);
  await page.goBack();
  await expect(sent).toBeVisible();
  await expect(page.getByRole('img', { name: 'second.jpg' })).toBeVisible();
  await expect(field).toHaveValue('And the sink');
  expect(posts).toBe(2);
});
