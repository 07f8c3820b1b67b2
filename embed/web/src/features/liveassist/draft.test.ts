import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { useDraft } from './draft';

const open = (sessionId: string | null) =>
  renderHook(({ id }: { id: string | null }) => useDraft('kim', id), {
    initialProps: { id: sessionId },
  });
const textOf = (hook: ReturnType<typeof open>) => hook.result.current[0];
const write = (hook: ReturnType<typeof open>, text: string) =>
  act(() => hook.result.current[1](text));

describe('useDraft', () => {
  it('keeps one for each conversation', () => {
    const hook = open('a');
    write(hook, 'to a');
    hook.rerender({ id: 'b' });
    expect(textOf(hook)).toBe('');
    write(hook, 'to b');
    hook.rerender({ id: 'a' });
    expect(textOf(hook)).toBe('to a');
    hook.unmount();
    expect(textOf(open('b'))).toBe('to b');
  });

  it('carries what was written before the conversation was known', () => {
    const hook = open(null);
    write(hook, 'early');
    hook.rerender({ id: 'a' });
    expect(textOf(hook)).toBe('early');
    hook.unmount();
    expect(textOf(open('a'))).toBe('early');
    expect(textOf(open('b'))).toBe('');
  });

  it('carries what was written in a conversation that is gone', () => {
    const hook = open('gone');
    write(hook, 'kept');
    hook.rerender({ id: null });
    expect(textOf(hook)).toBe('kept');
    hook.rerender({ id: 'new' });
    expect(textOf(hook)).toBe('kept');
  });

  it('forgets what was sent', () => {
    const hook = open('a');
    write(hook, 'sent');
    write(hook, '');
    hook.unmount();
    expect(textOf(open('a'))).toBe('');
  });
});
