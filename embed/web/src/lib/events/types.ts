import type { Conversation, Message, User } from '@/api';

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
  'xp.awarded': { type: 'xp.awarded'; amount: number; reason: string; ts: string; total: number };
}

export type ServerEventName = keyof ServerEvents;
