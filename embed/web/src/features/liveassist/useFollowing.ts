import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { Entry } from './entries';
import { changed, scrolled } from './follow';
import type { Follow } from './follow';

/** Older messages are asked for within this many pixels of the beginning. */
const AHEAD = 800;

/** Whether the browser itself keeps the view in place when older messages come before it. */
const ANCHORS = typeof CSS !== 'undefined' && CSS.supports('overflow-anchor', 'auto');

interface Following extends Follow {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  toEnd: () => void;
  toMessage: (id: string) => void;
}

/** Moves the view of the conversation as `follow.ts` decides, and keeps its place otherwise. */
export function useFollowing(entries: readonly Entry[], loadOlder: () => void): Following {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState<Follow>({ atEnd: true, unseen: 0 });
  const current = useRef(follow);
  const before = useRef<readonly Entry[]>([]);
  const anchor = useRef<Anchor | null>(null);

  const apply = useCallback((next: Follow) => {
    current.current = next;
    setFollow(next);
  }, []);

  const jump = useCallback(() => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    if (before.current === entries) return;
    const { follow: next, move } = changed(current.current, before.current, entries);
    const prepended = before.current[0] && entries[0]?.id !== before.current[0].id;
    before.current = entries;
    if (move === 'end') jump();
    else if (prepended && !ANCHORS) restore(scroller.current, anchor.current);
    if (next !== current.current) apply(next);
    anchor.current = anchorOf(scroller.current);
  }, [entries, apply, jump]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const next = scrolled(current.current, distanceToEnd(element));
    if (next !== current.current) apply(next);
    anchor.current = anchorOf(element);
    if (element.scrollTop >= AHEAD) return;
    // At the very top a browser does not hold its place when something comes before.
    if (ANCHORS && element.scrollTop === 0) element.scrollTop = 1;
    loadOlder();
  }, [apply, loadOlder]);

  // A picture that loads, a reply that grows, the keyboard that comes: the end stays in view.
  useEffect(() => {
    if (!scroller.current || !content.current) return;
    const observer = new ResizeObserver(() => {
      if (current.current.atEnd) jump();
    });
    observer.observe(scroller.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [jump]);

  const toEnd = useCallback(() => {
    apply({ atEnd: true, unseen: 0 });
    jump();
  }, [apply, jump]);

  const toMessage = useCallback(
    (id: string) => {
      const element = scroller.current?.querySelector<HTMLElement>(`[data-id="${id}"]`);
      if (!element) return;
      apply({ atEnd: false, unseen: 0 });
      element.focus({ preventScroll: true });
      // Messages on the way there get their true height when they are near: look again.
      let looks = 3;
      const look = () => {
        element.scrollIntoView({ block: 'center' });
        if (--looks > 0) requestAnimationFrame(look);
      };
      look();
    },
    [apply],
  );

  return { ...follow, scroller, content, onScroll, toEnd, toMessage };
}

function distanceToEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}

/** The first message in view, and where it stands. */
interface Anchor {
  element: Element;
  top: number;
}

/** Only near the beginning, where older messages may come, is the answer worth its cost. */
function anchorOf(scroller: HTMLElement | null): Anchor | null {
  if (!scroller || ANCHORS || scroller.scrollTop > 2 * AHEAD) return null;
  const top = scroller.getBoundingClientRect().top;
  for (const element of scroller.querySelectorAll('article')) {
    const box = element.getBoundingClientRect();
    if (box.bottom > top) return { element, top: box.top };
  }
  return null;
}

/** Brings the message that was first in view back to where it stood, whatever came before it. */
function restore(scroller: HTMLElement | null, anchor: Anchor | null) {
  if (!scroller || !anchor?.element.isConnected) return;
  scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top;
}
