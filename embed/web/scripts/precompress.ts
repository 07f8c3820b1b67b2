import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest|txt|md)$/;

/** Below this many bytes a compressed answer saves nothing: it fits one packet anyway. */
const WORTHWHILE = 512;

/**
 * Writes `.br` and `.gz` beside every compressible file at the best levels, so that the server
 * never compresses on request. A sibling that would not be smaller is left out.
 */
export function precompress(): Plugin {
  let outDir = '';
  return {
    name: 'liveassist:precompress',
    apply: 'build',
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith('/')) outDir = config.build.outDir;
    },
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true });
      await Promise.all(
        files.filter((f) => COMPRESSIBLE.test(f)).map((f) => compress(join(outDir, f))),
      );
    },
  };
}

async function compress(file: string) {
  const raw = await readFile(file);
  if (raw.length < WORTHWHILE) return;
  const br = await promisify(brotliCompress)(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  const gz = await promisify(gzip)(raw, { level: constants.Z_BEST_COMPRESSION });
  if (br.length < raw.length) await writeFile(`${file}.br`, br);
  if (gz.length < raw.length) await writeFile(`${file}.gz`, gz);
}
