import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest|txt|md)$/;

/** Below this many bytes brotli saves nothing: the answer fits one packet anyway. */
const WORTHWHILE = 512;

/**
 * Writes `.br` and `.gz` beside every compressible file at the best levels, so that the server
 * never compresses on request. Of these files the program embeds the `.gz` and not the original,
 * so each has one; a `.br` that would not be smaller is left out.
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
  const gz = await promisify(gzip)(raw, { level: constants.Z_BEST_COMPRESSION });
  await writeFile(`${file}.gz`, gz);
  if (raw.length < WORTHWHILE) return;
  const br = await promisify(brotliCompress)(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  if (br.length < gz.length) await writeFile(`${file}.br`, br);
}
