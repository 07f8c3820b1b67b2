import type { Browser, BrowserContext, Page } from '@playwright/test';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { settings, type Person } from './settings.ts';

/** A browser of somebody's own: its cookies, its storage, its network log. */
export class Device {
  private constructor(readonly context: BrowserContext) {}

  /** `name` becomes the name of the network log. */
  static async create(browser: Browser, name: string): Promise<Device> {
    await mkdir(join(settings.out, 'har'), { recursive: true });
    const context = await browser.newContext({
      baseURL: settings.url,
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      timezoneId: 'Europe/Stockholm',
      recordHar: { path: join(settings.out, 'har', `${name}.har`), content: 'embed' },
    });
    return new Device(context);
  }

  /** Signs in through the form, in a new tab, and ends on Home. */
  async signIn(person: Person): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto('/login');
    await page.getByLabel('Email').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page).toHaveURL((url) => url.pathname === '/');
    return page;
  }

  /** Ends it; the network log is written then. */
  async close(): Promise<void> {
    await this.context.close();
  }
}

/** Follows a link of the main navigation. */
export async function go(
  page: Page,
  name: 'Home' | 'QuickFix' | 'LiveAssist' | 'Account',
): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).first().click();
}

/** The person's plan, as the page says it. */
export function plan(page: Page) {
  return page.getByTestId('subscription-status').first();
}

/** A photo to send: a PNG of one colour with noise, so that no two are alike. */
export async function photo(
  page: Page,
  name: string,
): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const data = await page.evaluate((text) => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 420;
    const c = canvas.getContext('2d')!;
    const hue = [...text].reduce((sum, letter) => sum + letter.charCodeAt(0) * 37, 0) % 360;
    c.fillStyle = `hsl(${hue} 35% 70%)`;
    c.fillRect(0, 0, 640, 420);
    for (let i = 0; i < 40; i++) {
      c.fillStyle = `hsl(${(hue + i * 9) % 360} 40% ${40 + (i % 5) * 9}% / 0.5)`;
      c.beginPath();
      c.arc((i * 173) % 640, (i * 97) % 420, 20 + ((i * 31) % 60), 0, 7);
      c.fill();
    }
    c.fillStyle = '#fff';
    c.font = '600 40px sans-serif';
    c.fillText(text, 40, 220);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]!;
  }, name);
  return {
    name: `${name.replace(/\W+/g, '-')}.jpg`,
    mimeType: 'image/jpeg',
    buffer: Buffer.from(data, 'base64'),
  };
}
