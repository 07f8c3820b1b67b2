import { webLocks } from '@/lib/locks';
import { Connection } from './connection';
import type { ConnectionState } from './connection';
import type { StreamEvent } from './parser';
import { Relay } from './relay';

export type { ConnectionState } from './connection';
export type { StreamEvent } from './parser';

export interface StreamOptions {
  /** Whose stream it is: tabs of the same person share one connection. */
  userId: string;
  onEvent: (event: StreamEvent) => void;
  onState: (state: ConnectionState) => void;
}

const URL = '/api/events';

/** Events that carry the stream's place instead of one of their own. */
const PLACELESS = new Set(['ready', 'message.delta', 'conversation.typing', 'reset']);

/**
 * Opens the person's event stream and keeps it open until the returned function is called. Each
 * event is given once, in order, also when the connection or the leading tab changes.
 */
export function openStream(options: StreamOptions): () => void {
  let lastId = '';

  const onEvent = (event: StreamEvent) => {
    const known = lastId !== '' && Number(event.id) <= Number(lastId);
    if (known && !PLACELESS.has(event.event)) return;
    // After `reset` the numbers may have gone back (a restored database).
    if (event.id && (!known || event.event === 'reset')) lastId = event.id;
    options.onEvent(event);
  };

  const start = (): Connection | Relay => {
    const common = { url: URL, lastEventId: () => lastId, onEvent, onState: options.onState };
    if (!sharesConnection()) return new Connection(common);
    return new Relay({ ...common, name: `liveassist-stream-${options.userId}` });
  };

  let stream: Connection | Relay | null = start();
  const wake = () => {
    if (document.visibilityState === 'visible') stream?.wake();
  };
  const doubt = () => stream?.doubt();
  // A page that holds a lock or a connection is not kept for the Back button: let both go.
  const sleep = () => {
    stream?.close();
    stream = null;
  };
  const rise = () => {
    if (stream) stream.wake();
    else stream = start();
  };
  const listeners: [EventTarget, string, () => void][] = [
    [window, 'online', wake],
    [window, 'offline', doubt],
    [document, 'visibilitychange', wake],
    [window, 'pagehide', sleep],
    [window, 'pageshow', rise],
  ];
  for (const [target, name, handler] of listeners) target.addEventListener(name, handler);
  return () => {
    for (const [target, name, handler] of listeners) target.removeEventListener(name, handler);
    sleep();
  };
}

/**
 * Over HTTP/1.1 the tabs share one connection; HTTP/2 and later carry them all by themselves.
 * Where the browser has no Web Locks (plain http beyond loopback), each tab has its own.
 */
function sharesConnection(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const protocol = navigation?.nextHopProtocol ?? '';
  return webLocks() !== null && !/^h[23]/.test(protocol);
}
