export { UnreadContext, useReading, useUnread } from './context';
export { UnreadProvider } from './UnreadProvider';
