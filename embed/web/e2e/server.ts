import { test as base } from '@playwright/test';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Milliseconds that the program may take to answer after its start. */
const START = 20_000;

/** The real program with a database of its own; it can be stopped and started again. */
export class Server {
  private process: ChildProcess | null = null;
  private log = '';

  private constructor(
    private readonly binary: string,
    private readonly port: number,
    private readonly dataDir: string,
    private readonly env: Record<string, string>,
  ) {}

  static async create(env: Record<string, string> = {}): Promise<Server> {
    const binary = process.env.LIVEASSIST_BIN;
    if (!binary) throw new Error('e2e: set LIVEASSIST_BIN to the built program');
    const dataDir = await mkdtemp(join(tmpdir(), 'liveassist-e2e-'));
    return new Server(binary, await freePort(), dataDir, env);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** All that the program has written so far. */
  get output(): string {
    return this.log;
  }

  async start(): Promise<void> {
    const child = spawn(this.binary, ['serve'], {
      env: {
        ...process.env,
        LISTEN_ADDR: `127.0.0.1:${this.port}`,
        DATA_DIR: this.dataDir,
        RATE_LIMIT: 'off',
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer) => (this.log += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.process = child;
    await this.answers();
  }

  /** Stops it as a service manager would. */
  async stop(): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child?.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  /** Runs another command of the program on the same data, also while it serves. */
  async command(...args: string[]): Promise<string> {
    const env = { ...process.env, DATA_DIR: this.dataDir, ...this.env };
    const { stdout } = await promisify(execFile)(this.binary, args, { env });
    return stdout;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    for (const end = Date.now() + START; Date.now() < end;) {
      if (this.process?.exitCode !== null) break;
      const ready = await fetch(`${this.url}/readyz`).then(
        (r) => r.ok,
        () => false,
      );
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`e2e: the program did not start\n${this.log}`);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (!address || typeof address === 'string') throw new Error('e2e: no free port');
  return address.port;
}

interface Fixtures {
  /** Settings of the program, beside those that every test has. */
  settings: Record<string, string>;
  server: Server;
}

/** Playwright's `test` with a running program; relative addresses go to it. */
export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  server: async ({ settings }, use) => {
    const server = await Server.create(settings);
    await server.start();
    await use(server);
    await server.remove();
  },
  baseURL: async ({ server }, use) => use(server.url),
});

export { expect } from '@playwright/test';
