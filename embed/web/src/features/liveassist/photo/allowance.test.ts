import { describe, expect, it } from 'vitest';
import type { Row } from '@/lib/outbox';
import { aUser } from '@/testing/data';
import { allowanceOf } from './allowance';

const draft = { file: { name: 'x' }, state: 'draft' } as Row;

describe('allowanceOf', () => {
  it('takes off what is sent, picked and being made ready', () => {
    const user = aUser({ image_limit: 5, image_counter: 1 });
    expect(allowanceOf(user, [draft], 1)).toEqual({ limit: 5, left: 4, free: 2 });
  });

  it('is never below zero, as when the limit was lowered', () => {
    expect(allowanceOf(aUser({ image_limit: 1, image_counter: 4 }), [])).toMatchObject({
      left: 0,
      free: 0,
    });
  });

  it('has no end with Premium', () => {
    expect(allowanceOf(aUser({ image_limit: null }), [draft]).free).toBe(Infinity);
  });
});
