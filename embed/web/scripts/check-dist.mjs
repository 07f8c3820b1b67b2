// Fails when ../dist is not what this source builds: the committed files are what `go run .` serves.
// Files are compared by content; `.br` and `.gz` by what they decompress to, since the same text
// compresses to other bytes with another zlib.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { build } from 'vite';

const dist = new URL('../../dist', import.meta.url).pathname;
const fresh = await mkdtemp(join(tmpdir(), 'liveassist-dist-'));

try {
  await build({ build: { outDir: fresh }, logLevel: 'error' });
  const [want, got] = await Promise.all([contents(fresh), contents(dist)]);
  const names = [...new Set([...want.keys(), ...got.keys()])].sort();
  const wrong = names.filter((name) => !want.get(name)?.equals(got.get(name) ?? Buffer.alloc(0)));
  for (const name of wrong) {
    const why = !want.has(name) ? 'is left over' : !got.has(name) ? 'is missing' : 'differs';
    console.error(`embed/dist/${name} ${why}`);
  }
  if (wrong.length > 0) {
    console.error(
      'embed/dist does not match embed/web: run `npm run build` and commit the result.',
    );
    process.exitCode = 1;
  } else console.log(`embed/dist matches its source (${names.length} files).`);
} finally {
  await rm(fresh, { recursive: true });
}

/**
 * @param {string} folder
 * @returns {Promise<Map<string, Buffer>>} file name -> content, decompressed
 */
async function contents(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const read = files
    .filter((f) => f.isFile())
    .map(async (f) => {
      const path = join(f.parentPath, f.name);
      return /** @type {const} */ ([
        path.slice(folder.length + 1),
        decompress(path, await readFile(path)),
      ]);
    });
  return new Map(await Promise.all(read));
}

/** @param {string} name @param {Buffer} bytes */
function decompress(name, bytes) {
  if (name.endsWith('.br')) return brotliDecompressSync(bytes);
  if (name.endsWith('.gz')) return gunzipSync(bytes);
  return bytes;
}
