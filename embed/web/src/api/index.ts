export { api, call } from './client';
export { ApiError } from './errors';
export type { ErrorKind } from './errors';
export type * from './types';
export { announceUnauthenticated, onUnauthenticated } from './unauthenticated';
