import { test as base } from '@playwright/test';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Device } from './device.ts';
import { Photographer } from './photographer.ts';
import { settings } from './settings.ts';

/** One thing that the story says of the product, and whether the browser saw it. */
interface Claim {
  step: string;
  text: string;
  ok: boolean;
  detail: string;
}

/** What a scene found: the Go test reads it and puts it into the report. */
export class Findings {
  private readonly claims: Claim[] = [];
  private readonly facts: Record<string, unknown> = {};

  constructor(private readonly name: string) {}

  /** Runs a check under the words that the report shows. A check that throws fails the scene. */
  async claim(step: string, text: string, check: () => Promise<string | void>): Promise<void> {
    await test.step(`${step}. ${text}`, async () => {
      try {
        this.claims.push({ step, text, ok: true, detail: (await check()) ?? '' });
      } catch (e) {
        this.claims.push({ step, text, ok: false, detail: plain(e) });
        throw e;
      }
    });
  }

  /** The same for a check whose result the scene goes on with. */
  async claimed(step: string, text: string, check: () => Promise<string>): Promise<string> {
    let result = '';
    await this.claim(step, text, async () => (result = await check()));
    return result;
  }

  /** Keeps a value for the Go test to judge. */
  fact(name: string, value: unknown): void {
    this.facts[name] = value;
  }

  /** Notes what ended the scene outside of a claim. */
  broke(error: unknown, step: string): void {
    if (this.claims.some((c) => !c.ok)) return;
    this.claims.push({ step, text: 'the scene can be played', ok: false, detail: plain(error) });
  }

  async save(): Promise<void> {
    const dir = join(settings.out, 'scenes');
    await mkdir(dir, { recursive: true });
    await writeFile(
      join(dir, `${this.name}.json`),
      JSON.stringify({ claims: this.claims, facts: this.facts }, null, 1),
    );
  }
}

/** An error without terminal colours and without Playwright's call log, which repeats itself. */
function plain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\nCall log:')[0]!
    .trim();
}

interface Scene {
  findings: Findings;
  photographer: Photographer;
  /** Makes a device; `name` becomes the name of its network log, also when the scene breaks. */
  device: (name: string) => Promise<Device>;
}

/** Each scene gets somewhere to put its findings, a photographer, and devices. */
export const test = base.extend<Scene>({
  device: async ({ browser }, use) => {
    const devices: Device[] = [];
    await use(async (name) => {
      const device = await Device.create(browser, name);
      devices.push(device);
      return device;
    });
    for (const device of devices) await device.close();
  },
  findings: async ({}, use, info) => {
    const step = info.title.slice(0, 1);
    const findings = new Findings(info.title.replace(/\W+/g, '-').toLowerCase());
    await use(findings);
    if (info.error) findings.broke(new Error(info.error.message ?? 'unknown error'), step);
    await findings.save();
  },
  photographer: async ({ browser }, use) => {
    const photographer = new Photographer(browser);
    await use(photographer);
    await photographer.close();
  },
});

export { expect } from '@playwright/test';
