import { useEffect } from 'react';

/** Names the document after the page, as screen readers and tab strips read it. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} · LiveAssist` : 'LiveAssist';
  }, [title]);
}
