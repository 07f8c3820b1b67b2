import { describe, expect, it, vi } from 'vitest';
import { fit, LONGEST, prepare } from './prepare';

describe('fit', () => {
  it.each([
    [4000, 3000, 2048, 1536],
    [3000, 4000, 1536, 2048],
    [800, 600, 800, 600],
    [LONGEST, 10, LONGEST, 10],
    [100_000, 1, 2048, 1],
  ])('%i x %i becomes %i x %i', (width, height, w, h) => {
    expect(fit(width, height)).toEqual({ width: w, height: h });
  });
});

describe('prepare', () => {
  it.each([
    ['photo.heic', '\0\0\0\x18ftypheic', 'heic'],
    ['named.jpg', '\0\0\0\x18ftypmif1', 'heic'],
    ['notes.jpg', 'only words', 'notAPhoto'],
    ['empty.png', '', 'notAPhoto'],
  ])('says what is wrong with %s', async (name, content, problem) => {
    vi.stubGlobal('createImageBitmap', () =>
      Promise.reject(new DOMException('no', 'InvalidStateError')),
    );
    await expect(prepare(new File([content], name))).rejects.toMatchObject({ problem });
  });
});
