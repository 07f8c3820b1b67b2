export { claims, inOrder, inTray, underWay } from './model';
export type { Picture, Row, RowState } from './model';
export { OutboxProvider, useOutbox, useOutboxSnapshot, useUnsentCount } from './OutboxProvider';
export type { Outbox } from './outbox';
