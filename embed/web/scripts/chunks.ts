/** What the bundler tells of a module. */
interface Info {
  importers: readonly string[];
  dynamicImporters: readonly string[];
}
type InfoOf = (id: string) => Info | null;

/** The entry and what it needs itself: were it in the app's file, the entry would wait for that. */
const ENTRY =
  /\/src\/(main\.tsx|app\/pages\.ts|lib\/(kept|i18n\/(language|load)|payment\/arrival|theme\/stored)\.ts)$|^\0vite/;

/** What the bundler itself adds to files of modules that are no ES modules. */
const RUNTIME = '\0rolldown/runtime';

const START = '/src/app/start.tsx';
const LIVE = /\/src\/lib\/(events\/delivery|outbox\/open)\.ts$/;
const PAGE = /\/src\/features\/(\w+)\/\w+Page\.tsx$/;
/** A feature's texts in one language: `en-home`. */
const TEXTS = /\/src\/lib\/i18n\/(en|sv)\/(?!app\.|errors\.|ui\.)(\w+)\.ts$/;
const FEATURE = /\/src\/features\/(\w+)\//;

/**
 * Says into which file a module goes, so that a page needs few requests and nothing that it does
 * not use:
 *
 *   app      what every page needs, and what several of the others share
 *   live     events and outbox, for signed-in people
 *   FEATURE  the pages of a feature and what only they use
 *   LANG-FEATURE  its texts in one language
 *
 * null leaves it to the bundler: the entry, and what is fetched by itself (dialogs, Markdown).
 */
export function chunkOf(id: string, infoOf: InfoOf): string | null {
  if (ENTRY.test(id)) return null;
  if (id.startsWith(RUNTIME)) return 'app';
  const texts = TEXTS.exec(id);
  if (texts) return `${texts[1]}-${texts[2]}`;
  const roots = new Set<string>();
  collect(id, infoOf, roots, new Set());
  if (roots.has('app')) return 'app';
  const feature = FEATURE.exec(id)?.[1];
  if (feature) return roots.has(feature) ? feature : null;
  if (roots.size > 1) return 'app';
  const [only = ''] = roots;
  return only.includes('/') ? null : only || null;
}

/** Finds where the imports that lead to `id` begin, without crossing an `import()`. */
function collect(id: string, infoOf: InfoOf, roots: Set<string>, seen: Set<string>) {
  if (seen.has(id)) return;
  seen.add(id);
  const info = infoOf(id);
  if (id.endsWith(START)) roots.add('app');
  else if (LIVE.test(id)) roots.add('live');
  else if (PAGE.test(id)) roots.add(PAGE.exec(id)?.[1] ?? id);
  else if (info && info.dynamicImporters.length > 0) roots.add(id);
  for (const importer of info?.importers ?? []) collect(importer, infoOf, roots, seen);
}
