export { add, mergeNewest, prepend, OLDER_PAGE, PAGE } from './model';
export type { Known } from './model';
export { addMessage, fetchNewest, fetchOlder, messagesQuery } from './queries';
