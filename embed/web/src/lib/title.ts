import { useEffect } from 'react';
import { useUnread } from './unread/context';

/** Names the document after the page, as screen readers and tab strips read it. */
export function useTitle(title: string) {
  const { total } = useUnread();
  useEffect(() => {
    const name = title && title !== 'LiveAssist' ? `${title} · LiveAssist` : 'LiveAssist';
    document.title = total > 0 ? `(${total}) ${name}` : name;
  }, [title, total]);
}
