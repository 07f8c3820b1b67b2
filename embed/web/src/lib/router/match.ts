export type Params = Record<string, string>;

/**
 * Compares a path with a pattern, part by part; a slash at the end makes no difference. Gives the
 * named parts, decoded, or null where they differ.
 */
export function match(pattern: string, pathname: string): Params | null {
  if (pattern === '*') return {};
  const wanted = partsOf(pattern);
  const given = partsOf(pathname);
  if (wanted.length !== given.length) return null;
  const params: Params = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return params;
}

/** Whether a link to `to` leads to the present place, or (unless `end`) to one around it. */
export function leadsTo(to: string, pathname: string, end: boolean): boolean {
  const path = `/${partsOf(to).join('/')}`;
  const present = `/${partsOf(pathname).join('/')}`;
  return present === path || (!end && path !== '/' && present.startsWith(`${path}/`));
}

function partsOf(path: string): string[] {
  return path.split(/[?#]/, 1)[0]?.split('/').filter(Boolean) ?? [];
}

/** A stray `%` in a typed address is shown as it is. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
