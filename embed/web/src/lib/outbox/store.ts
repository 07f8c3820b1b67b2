import { createStore, del, entries, promisifyRequest, set } from 'idb-keyval';
import type { UseStore } from 'idb-keyval';
import type { Row } from './model';

/** The outbox on disk: one record a row, keyed by the message's id. */
export interface RowStore {
  all: () => Promise<Row[]>;
  put: (row: Row) => Promise<void>;
  /** Changes a row in one transaction. A row that is gone stays gone, and gives undefined. */
  change: (id: string, by: (row: Row) => Row) => Promise<Row | undefined>;
  remove: (id: string) => Promise<void>;
}

/** Rows in IndexedDB, where text and photos survive reloads, crashes and trips to other sites. */
export function diskStore(name = 'liveassist-outbox'): RowStore {
  let opened: UseStore | undefined;
  const store = () => (opened ??= createStore(name, 'rows'));
  return {
    all: async () => (await entries<string, Row>(store())).map(([, row]) => row),
    put: (row) => set(row.id, row, store()),
    remove: (id) => del(id, store()),
    change: (id, by) =>
      store()('readwrite', async (rows) => {
        const row = await promisifyRequest(rows.get(id) as IDBRequest<Row | undefined>);
        if (!row) return undefined;
        const changed = by(row);
        rows.put(changed, id);
        await promisifyRequest(rows.transaction);
        return changed;
      }),
  };
}

/** Rows in this page's memory: for browsers that forbid IndexedDB, and for tests. */
export function memoryStore(): RowStore {
  const rows = new Map<string, Row>();
  return {
    all: () => Promise.resolve([...rows.values()]),
    put: (row) => Promise.resolve(void rows.set(row.id, row)),
    remove: (id) => Promise.resolve(void rows.delete(id)),
    change: (id, by) => {
      const row = rows.get(id);
      if (!row) return Promise.resolve(undefined);
      const changed = by(row);
      rows.set(id, changed);
      return Promise.resolve(changed);
    },
  };
}

/** `first`, until it fails once; from then on `second`: a full or forbidden disk stops no message. */
export function withFallback(first: RowStore, second: RowStore): RowStore {
  let broken = false;
  const either = async <T>(run: (store: RowStore) => Promise<T>): Promise<T> => {
    if (!broken) {
      try {
        return await run(first);
      } catch {
        broken = true;
      }
    }
    return run(second);
  };
  return {
    all: () => either((s) => s.all()),
    put: (row) => either((s) => s.put(row)),
    remove: (id) => either((s) => s.remove(id)),
    change: (id, by) => either((s) => s.change(id, by)),
  };
}
