import { useCallback } from 'react';
import { useSearchParams } from '@/lib/router';

/** The filters and the selection of a tab, which are in its address: to be linked and gone back to. */
export function useAddress() {
  const [params, setParams] = useSearchParams();
  const get = (name: string) => params.get(name) ?? '';
  /**
   * Changes filters. What is selected stays: a search settles after the last key, and by then one of
   * its finds may have been opened.
   */
  const filter = useCallback(
    (changes: Record<string, string>) =>
      setParams(
        (now) => {
          for (const [name, value] of Object.entries(changes)) {
            if (value) now.set(name, value);
            else now.delete(name);
          }
          return now;
        },
        { replace: true },
      ),
    [setParams],
  );
  return { get, filter, id: params.get('id') };
}
