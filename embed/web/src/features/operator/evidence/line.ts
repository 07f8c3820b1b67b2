import type { Evidence, Page } from '../model';

/** An entry with a name of its own: numbers of the outbox name events and changes of rows alike. */
export type Entry = Evidence & { ref: string };

/**
 * The server gives each page with its oldest first, and the newest page first. Turned around, pages
 * follow one another from the newest entry to the oldest.
 */
export function newestFirst(page: Page<Evidence>): Page<Entry> {
  return {
    next: page.next ?? null,
    items: page.items
      .map((entry) => ({ ...entry, ref: entry.id, id: `${entry.kind}/${entry.id}` }))
      .reverse(),
  };
}
