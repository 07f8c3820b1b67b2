import type { QueryClient } from '@tanstack/react-query';
import type { StreamEvent } from '@/lib/stream';
import type { EventBus } from './bus';
import { refetchFollowed, table } from './table';
import type { ServerEventName, ServerEvents } from './types';

export { openStream } from '@/lib/stream';

/**
 * Takes events one by one into the cache, then to whoever asked for them. The first `ready` of a
 * page says from where the stream tells; what was read before it may be older and is read again.
 */
export function delivery(client: QueryClient, bus: EventBus): (event: StreamEvent) => void {
  let caughtUp = false;
  return ({ event, data }) => {
    if (!(event in table)) return;
    const name = event as ServerEventName;
    let value: ServerEvents[ServerEventName];
    try {
      value = JSON.parse(data) as ServerEvents[ServerEventName];
    } catch {
      return;
    }
    apply(client, bus, name, value);
    if (name === 'ready' && !caughtUp) {
      caughtUp = true;
      refetchFollowed(client);
    }
  };
}

function apply<E extends ServerEventName>(
  client: QueryClient,
  bus: EventBus,
  name: E,
  data: ServerEvents[E],
) {
  table[name](client, data);
  bus.emit(name, data);
}
