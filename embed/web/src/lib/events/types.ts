import type { Conversation, Message, OperatorRef, User } from '@/api';

/** The events of `GET /api/events`, by name, with their data. */
export interface ServerEvents {
  ready: User;
  reset: Record<string, never>;
  'subscription.updated': {
    type: 'subscription.updated';
    subscription_status: User['subscription_status'];
    subscription_expiry: string | null;
  };
  'message.created': Message;
  /** A piece of the reply `id` that is being written. */
  'message.delta': { id: string; sessionId: string; text: string };
  /** No reply will come for the message `id`. */
  'message.failed': { id: string; sessionId: string; error: string };
  /** Who answers in a conversation, or its title, has changed. */
  'conversation.updated': { sessionId: string } & Pick<Conversation, 'desk' | 'operator' | 'title'>;
  /** Somebody types in a conversation: good for a few seconds. */
  'conversation.typing': { sessionId: string; role: Message['role'] };
  'usage.updated': { type: 'usage.updated'; image_counter: number; image_limit: number | null };
  /** To operators: a conversation at the desk has changed or got a message. */
  'inbox.updated': {
    sessionId: string;
    userId: string;
    desk: Conversation['desk'];
    operator: OperatorRef | null;
    waitingSince: string | null;
    lastActiveAt: string;
    lastRole: Message['role'] | null;
  };
  /** To the operator who has the conversation: a message in it. */
  'inbox.message': Message;
  'xp.awarded': { type: 'xp.awarded'; amount: number; reason: string; ts: string; total: number };
}

export type ServerEventName = keyof ServerEvents;
