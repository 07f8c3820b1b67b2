import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { settings } from './settings.ts';

/** Which part of the developer tools is open; their own names in the address. */
type Panel = 'network' | 'resources';

/**
 * The browser's real developer tools, open for a page. They are themselves a page of the browser
 * (devtools/inspector.html), joined to the other one through the debugging port, and so can be
 * driven and photographed. What the Network panel shows begins when they are opened.
 */
export class DevTools {
  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(browser: Browser, app: Page, panel: Panel): Promise<DevTools> {
    const cdp = await app.context().newCDPSession(app);
    const { targetInfo } = await cdp.send('Target.getTargetInfo');
    await cdp.detach();
    const host = `127.0.0.1:${settings.devtoolsPort}`;
    const address = `http://${host}/devtools/inspector.html?ws=${host}/devtools/page/${targetInfo.targetId}&panel=${panel}`;

    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
    });
    const page = await context.newPage();
    await page.goto(address);
    // Without this, half of the window is a live picture of the page.
    await page.evaluate(() => localStorage.setItem('screencast-enabled', 'false'));
    await page.goto(address);
    const tools = new DevTools(context, page);
    if (panel === 'network') await tools.awaitRecording(app);
    return tools;
  }

  /**
   * Waits until the Network panel really records: it says so a moment before it does. Requests that
   * are made for that are cleared away.
   */
  private async awaitRecording(app: Page): Promise<void> {
    const probe = this.page.locator('td.name-column').filter({ hasText: /^healthz/ });
    await expect(async () => {
      await app.evaluate(async () => void (await fetch('/healthz')));
      await expect(probe.first()).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
    await this.page.getByRole('button', { name: 'Clear network log' }).click();
    await expect(probe).toHaveCount(0);
  }

  /** Opens a request of the Network panel by the name that stands in its row, on one of its tabs. */
  async request(name: RegExp, tab: 'Headers' | 'Response'): Promise<Locator> {
    const row = this.page.locator('td.name-column').filter({ hasText: name }).last();
    await row.click();
    await this.page.getByRole('tab', { name: tab, exact: true }).click();
    return row;
  }

  /** Waits until a text stands somewhere in the tools: in a response it is part of one line. */
  async shows(text: string | RegExp): Promise<void> {
    await expect(this.page.getByText(text).filter({ visible: true }).first()).toBeVisible();
  }

  /** Opens the page's local storage in the Application panel. */
  async localStorage(origin: string): Promise<void> {
    const tree = this.page.getByRole('treeitem', { name: /^Local storage/ }).first();
    await tree.click();
    await this.page.keyboard.press('ArrowRight');
    await this.page
      .getByRole('treeitem', { name: new RegExp(origin.replaceAll('.', '\\.')) })
      .first()
      .click();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
