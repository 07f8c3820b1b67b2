import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { precompress } from './scripts/precompress.ts';
import { preloadApp } from './scripts/preload-app.ts';
import { chunkOf } from './scripts/chunks.ts';
import { directIcons } from './scripts/direct-icons.ts';

/** Browsers of the last two and a half years: `<dialog>`, `light-dark()`, Web Locks, `:has()`. */
const TARGETS = { chrome: 123, firefox: 121, safari: 17.4 };
const lightning = (version: number) => {
  const [major = 0, minor = 0] = String(version).split('.').map(Number);
  return (major << 16) | (minor << 8);
};

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [directIcons(), react(), preloadApp('app'), precompress()],
  resolve: { alias: { '@': file('src') } },
  css: {
    transformer: 'lightningcss',
    lightningcss: {
      targets: Object.fromEntries(Object.entries(TARGETS).map(([k, v]) => [k, lightning(v)])),
    },
  },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: Object.entries(TARGETS).map(([k, v]) => `${k}${v}`),
    cssMinify: 'lightningcss',
    sourcemap: false,
    manifest: false,
    license: { fileName: 'licenses.md' },
    // A data: URL is refused by the server's CSP (img-src 'self' blob:).
    assetsInlineLimit: 0,
    // The polyfill is for browsers below the targets, and an inline script besides.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { debugName: 'app', name: (id, ctx) => chunkOf(id, (of) => ctx.getModuleInfo(of)) },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': 'http://127.0.0.1:8080', '/sandbox': 'http://127.0.0.1:8080' },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    unstubGlobals: true,
    css: { modules: { classNameStrategy: 'non-scoped' } },
  },
});
