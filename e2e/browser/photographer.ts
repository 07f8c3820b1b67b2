import type { Browser, BrowserContext, Page } from '@playwright/test';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settings } from './settings.ts';

const desk = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** The four ways in which a page is shown. */
const looks = [
  { name: 'desk-light', size: desk, scheme: 'light' },
  { name: 'desk-dark', size: desk, scheme: 'dark' },
  { name: 'phone-light', size: phone, scheme: 'light' },
  { name: 'phone-dark', size: phone, scheme: 'dark' },
] as const;

/**
 * Takes the pictures of the evidence. Above each stands a caption with what it shows, the page's
 * address and the time, as a browser's frame would: a picture of the page alone says none of it,
 * and two honest pictures of an unchanged conversation would be the same.
 */
export class Photographer {
  private context?: BrowserContext;

  constructor(private readonly browser: Browser) {}

  /** Photographs a page in both themes, at desk and phone width, and leaves it at desk, light. */
  async everyLook(page: Page, name: string, step: string, caption: string): Promise<void> {
    for (const look of looks) {
      await page.setViewportSize(look.size);
      await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' });
      await settled(page);
      await this.save(
        await page.screenshot({ animations: 'disabled' }),
        look.size.width,
        `page-${name}-${look.name}.png`,
        {
          step,
          caption: `${caption} (${look.name.replace('-', ', ')})`,
          address: page.url(),
        },
      );
    }
    await page.setViewportSize(desk);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  }

  /** Photographs the developer tools of the page at `address`. */
  async tools(
    tools: Page,
    name: string,
    step: string,
    caption: string,
    address: string,
  ): Promise<void> {
    const size = tools.viewportSize() ?? desk;
    await this.save(await tools.screenshot(), size.width, `devtools-${name}.png`, {
      step,
      caption,
      address,
    });
  }

  async close(): Promise<void> {
    await this.context?.close();
  }

  private async save(picture: Buffer, width: number, file: string, words: Words): Promise<void> {
    this.context ??= await this.browser.newContext();
    const page = this.context.pages()[0] ?? (await this.context.newPage());
    await page.setViewportSize({ width, height: 300 });
    await page.setContent(frame(picture, width, words));
    await page.waitForFunction(() => document.images[0]?.complete);
    const framed = await page.screenshot({ fullPage: true });
    const dir = join(settings.out, 'pictures');
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, file), framed);
    await writeFile(
      join(dir, `${file}.json`),
      JSON.stringify({ file, ...words, takenAt: new Date().toISOString() }),
    );
  }
}

interface Words {
  step: string;
  caption: string;
  address: string;
}

function frame(picture: Buffer, width: number, words: Words): string {
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; font: 13px/1.4 system-ui, sans-serif; background: #e9ecef; color: #1b2a2f; width: ${width}px }
    div { padding: 8px 12px; overflow-wrap: anywhere }
    b { font-weight: 600 } code { background: #fff; border-radius: 9px; padding: 1px 8px; font-size: 12px }
    img { display: block; width: ${width}px }
  </style><div><b>${escape(words.step)} · ${escape(words.caption)}</b><br><code>${escape(words.address)}</code> ${new Date().toISOString()}</div>
  <img src="data:image/png;base64,${picture.toString('base64')}">`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Waits until pictures are loaded and two frames are drawn. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.images].every((i) => i.complete || i.loading === 'lazy'),
  );
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  await page.waitForTimeout(250);
}
