import type { Picture } from '@/lib/outbox';

/** The longest side of what is sent, in pixels. */
export const LONGEST = 2048;

/** The largest file that the server takes, in bytes. */
export const MAX_BYTES = 10 * 1024 * 1024;

/** PNGs up to this many bytes are kept as they are: drawings and screenshots, sharp and small. */
const SMALL_PNG = 1024 * 1024;

const JPEG_QUALITY = 0.85;

/** Why a file cannot be sent; said in words by the composer. */
export type PhotoProblem = 'heic' | 'notAPhoto' | 'tooLarge';

export class PhotoError extends Error {
  constructor(readonly problem: PhotoProblem) {
    super(`photo: ${problem}`);
  }
}

/**
 * Makes a photo ready to be sent: turned upright, its longest side at most `LONGEST`, without the
 * camera's notes (place, time), as JPEG. Animations and small transparent pictures stay as they
 * are; where the result would be larger than the original, the original is taken.
 */
export async function prepare(file: File): Promise<Picture> {
  const bitmap = await decode(file);
  try {
    const { width, height } = fit(bitmap.width, bitmap.height);
    const whole = width === bitmap.width;
    const kept =
      file.type === 'image/gif' || (file.type === 'image/png' && whole && file.size <= SMALL_PNG);
    const blob = kept ? file : smaller(file, await draw(bitmap, width, height), whole);
    if (blob.size > MAX_BYTES) throw new PhotoError('tooLarge');
    const size = blob === file ? { width: bitmap.width, height: bitmap.height } : { width, height };
    // A copy in memory: a picked file may be changed or unmounted before it is sent.
    const bytes = new Blob([await blob.arrayBuffer()], { type: blob.type });
    return { blob: bytes, name: named(file.name, blob.type), ...size };
  } finally {
    bitmap.close();
  }
}

/** The size to draw at: never larger than the original. */
export function fit(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * The original is only taken at its own size, from formats that the server reads, and never with a
 * camera's notes: JPEGs are always drawn anew.
 */
function smaller(original: File, drawn: Blob, whole: boolean): Blob {
  const fine = original.type === 'image/webp' || original.type === 'image/png';
  return whole && fine && original.size < drawn.size ? original : drawn;
}

async function decode(file: File): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new PhotoError((await isHeic(file)) ? 'heic' : 'notAPhoto');
  }
}

/** Reads the file's own mark (`ftyp` and a brand), since names and types of HEIC are often wrong. */
async function isHeic(file: Blob): Promise<boolean> {
  const head = new TextDecoder('latin1').decode(await file.slice(0, 16).arrayBuffer());
  return /^.{4}ftyp(heic|heix|hevc|heim|heis|mif1|msf1)/s.test(head);
}

async function draw(bitmap: ImageBitmap, width: number, height: number): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new PhotoError('notAPhoto');
  // JPEG knows no transparency; without this, it would turn black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new PhotoError('notAPhoto'))),
      'image/jpeg',
      JPEG_QUALITY,
    );
  });
}

function named(name: string, type: string): string {
  const stem = name.replace(/\.[^.]*$/, '') || 'photo';
  const ending = {
    'image/jpeg': 'jpg',
    'image/png': 'png',
    'image/gif': 'gif',
    'image/webp': 'webp',
  }[type];
  return `${stem}.${ending ?? 'jpg'}`;
}
