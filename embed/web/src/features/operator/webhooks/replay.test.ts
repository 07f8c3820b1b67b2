import { describe, expect, it, vi } from 'vitest';
import type { ReplayAnswer } from '../model';
import { ReplayQueue } from './replay';

/** A server whose answers the test gives, one after the other. */
function aServer() {
  const asked: string[] = [];
  const open: { resolve: (answer: ReplayAnswer) => void; reject: (error: Error) => void }[] = [];
  const onRan = vi.fn<(id: string, answer: ReplayAnswer | null) => void>();
  const queue = new ReplayQueue({
    run: (id) => {
      asked.push(id);
      return new Promise((resolve, reject) => open.push({ resolve, reject }));
    },
    onRan,
  });
  const states = () => Object.fromEntries([...queue.snapshot()].map(([id, r]) => [id, r.state]));
  const next = async (outcome: ReplayAnswer['outcome'] | Error) => {
    const call = open.shift()!;
    if (outcome instanceof Error) call.reject(outcome);
    else call.resolve({ outcome, why: 'because', also: 0, webhook: {} as ReplayAnswer['webhook'] });
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { queue, asked, states, next, onRan };
}

describe('ReplayQueue', () => {
  it('runs one after the other, and calls none a success before the server did', async () => {
    const { queue, asked, states, next } = aServer();
    queue.add(['a', 'b']);
    expect(states()).toEqual({ a: 'running', b: 'queued' });
    expect(asked).toEqual(['a']);
    await next('processed');
    expect(states()).toEqual({ a: 'processed', b: 'running' });
    await next('parked');
    expect(states()).toEqual({ a: 'processed', b: 'parked' });
    expect(asked).toEqual(['a', 'b']);
  });

  it('goes on after one that failed', async () => {
    const { queue, states, next, onRan } = aServer();
    queue.add(['a', 'b']);
    await next(new Error('no answer'));
    expect(states()).toEqual({ a: 'failed', b: 'running' });
    await next('ignored');
    expect(states()).toEqual({ a: 'failed', b: 'ignored' });
    expect(onRan.mock.calls.map(([id, answer]) => [id, answer !== null])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('does not queue what waits or runs already, and runs again what has ended', async () => {
    const { queue, asked, states, next } = aServer();
    queue.add(['a', 'b']);
    queue.add(['b', 'a']);
    await next('parked');
    await next('parked');
    expect(asked).toEqual(['a', 'b']);
    queue.add(['a']);
    expect(states()).toEqual({ a: 'running', b: 'parked' });
    await next('processed');
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('tells who listens of every step', async () => {
    const { queue, next } = aServer();
    const seen: unknown[] = [];
    const stop = queue.subscribe(() => seen.push(queue.snapshot().get('a')?.state));
    queue.add(['a']);
    await next('duplicate');
    stop();
    expect(seen).toEqual(['queued', 'running', 'duplicate']);
  });
});
