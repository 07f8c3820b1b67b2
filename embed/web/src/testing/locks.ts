type Held = { release: () => void; steal: () => void };

/**
 * Web Locks for tests, as far as the app uses them: exclusive locks, `signal` and `steal`. Like the
 * browser's, they are shared by everything on the page.
 */
export class FakeLocks {
  private readonly held = new Map<string, Held>();
  private readonly queues = new Map<string, (() => void)[]>();

  readonly request = async <T>(
    name: string,
    ...rest: [LockOptions, () => T] | [() => T]
  ): Promise<Awaited<T>> => {
    const [options, work] = rest.length === 2 ? rest : [{} as LockOptions, rest[0]];
    if (options.steal) this.held.get(name)?.steal();
    else if (this.held.has(name)) await this.turn(name, options.signal);
    return await this.hold(name, work);
  };

  private turn(name: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(name) ?? [];
      this.queues.set(name, queue);
      queue.push(resolve);
      signal?.addEventListener('abort', () => {
        const at = queue.indexOf(resolve);
        if (at >= 0) queue.splice(at, 1);
        reject(new DOMException('aborted', 'AbortError'));
      });
    });
  }

  private async hold<T>(name: string, work: () => T): Promise<Awaited<T>> {
    let stolen: (error: Error) => void = () => undefined;
    const theft = new Promise<never>((_, reject) => (stolen = reject));
    const own: Held = {
      release: () => {
        if (this.held.get(name) !== own) return;
        this.held.delete(name);
        this.queues.get(name)?.shift()?.();
      },
      steal: () => stolen(new DOMException('stolen', 'AbortError')),
    };
    this.held.set(name, own);
    try {
      return await Promise.race([work(), theft]);
    } finally {
      own.release();
    }
  }
}
