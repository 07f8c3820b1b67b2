export { EventsProvider, useServerEvent } from './EventsProvider';
export type { ServerEventName, ServerEvents } from './types';
