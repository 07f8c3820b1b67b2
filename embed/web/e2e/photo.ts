import type { Locator, Page } from '@playwright/test';

interface Photo {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A JPEG of one colour with noise, so that it has a size; drawn by the browser itself. */
export async function aPhoto(page: Page, name: string, width = 1200, height = 900): Promise<Photo> {
  const base64 = await page.evaluate(
    async ([w, h, seed]) => {
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      for (let y = 0; y < h; y += 30) {
        for (let x = 0; x < w; x += 30) {
          context.fillStyle = `hsl(${(x * 7 + y * 13 + seed * 97) % 360} 60% ${40 + ((x ^ y) % 40)}%)`;
          context.fillRect(x, y, 30, 30);
        }
      }
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));
    },
    [width, height, name.length + name.charCodeAt(0)] as const,
  );
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}

/** Picks photos as a person does with the button. */
export async function pick(page: Page, ...photos: Photo[]) {
  await page.getByLabel('Add image').setInputFiles(photos);
}

/** The photos that stand in the conversation. */
export function photosIn(page: Page): Locator {
  return page.getByRole('log').getByRole('button', { name: /^Open photo/ });
}

/** Lets the browser read no photo until the function that it returns is called. */
export async function holdPhotos(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    type Read = (file: Blob, options?: ImageBitmapOptions) => Promise<ImageBitmap>;
    const read = window.createImageBitmap.bind(window) as Read;
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held: Read = async (file, options) => {
      await released;
      return read(file, options);
    };
    Object.assign(window, { createImageBitmap: held, releasePhotos: release });
  });
  return () =>
    page.evaluate(() => {
      (window as unknown as { releasePhotos: () => void }).releasePhotos();
    });
}

/** How many photos the browser keeps, of all conversations. */
export function keptPhotos(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opened = indexedDB.open('liveassist-outbox');
        opened.onerror = () => reject(new Error('no outbox'));
        opened.onsuccess = () => {
          const all = opened.result.transaction('rows').objectStore('rows').getAll();
          all.onsuccess = () => {
            opened.result.close();
            resolve((all.result as { file?: unknown }[]).filter((row) => row.file).length);
          };
        };
      }),
  );
}
