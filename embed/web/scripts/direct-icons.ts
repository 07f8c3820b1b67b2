import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const IMPORT = /import \{([^}]+)\} from ['"]lucide-react['"];?/g;

/**
 * Imports each icon from its own file. Through the package's index every icon seems to be used by
 * whoever uses one, and all of them would land in the file that every page loads.
 */
export function directIcons(): Plugin {
  const files = new Map<string, string>();
  return {
    name: 'liveassist:direct-icons',
    apply: 'build',
    enforce: 'pre',
    buildStart() {
      const root = createRequire(import.meta.url)
        .resolve('lucide-react/package.json')
        .replace(/package\.json$/, '');
      const index = readFileSync(join(root, 'dist/esm/lucide-react.mjs'), 'utf8');
      for (const [, names = '', file = ''] of index.matchAll(
        /export \{([^}]+)\} from '\.\/icons\/([\w-]+)\.mjs'/g,
      )) {
        for (const [, name = ''] of names.matchAll(/default as (\w+)/g)) files.set(name, file);
      }
    },
    transform(code, id) {
      if (!/\/src\/.*\.tsx?$/.test(id) || !code.includes('lucide-react')) return null;
      return {
        code: code.replace(IMPORT, (_, names: string) => names.split(',').map(one).join('')),
        map: null,
      };
    },
  };

  function one(item: string): string {
    const words = item.trim();
    if (!words || words.startsWith('type ')) return '';
    const [name = '', local = name] = words.split(/\s+as\s+/);
    const file = files.get(name);
    if (!file) throw new Error(`direct-icons: lucide-react has no icon ${name}`);
    return `import ${local} from 'lucide-react/icons/${file}';`;
  }
}
