import type { ServerEventName, ServerEvents } from './types';

type Handler<E extends ServerEventName> = (data: ServerEvents[E]) => void;

/** Hands events to whoever asked for them by name. */
export class EventBus {
  private readonly handlers = new Map<ServerEventName, Set<(data: never) => void>>();

  on<E extends ServerEventName>(name: E, handler: Handler<E>): () => void {
    const set = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, set.add(handler));
    return () => void set.delete(handler);
  }

  emit<E extends ServerEventName>(name: E, data: ServerEvents[E]) {
    for (const handler of this.handlers.get(name) ?? []) (handler as Handler<E>)(data);
  }
}
