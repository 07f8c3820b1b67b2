import type { Conversation, Message, User } from '@/api';

/** A free person who has sent no photo today. */
export function aUser(part: Partial<User> = {}): User {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    email: 'kim@example.com',
    name: 'Kim',
    role: 'user',
    subscription_status: 'free',
    subscription_expiry: null,
    subscription_cancels: false,
    subscription_past_due: false,
    subscription_plan: null,
    subscription_payment: 'none',
    image_counter: 0,
    image_limit: 2,
    image_reset_at: '2026-12-01T00:00:00.000Z',
    xp: 0,
    liveassist_session_id: null,
    email_confirmed_at: '2026-11-01T12:00:00.000Z',
    mail_enabled: true,
    ...part,
  };
}

let count = 0;

/** A message of its own id; times grow by a second from one to the next. */
export function aMessage(part: Partial<Message> = {}): Message {
  count += 1;
  return {
    id: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    sessionId: '00000000-0000-4000-9000-000000000001',
    role: 'user',
    text: `message ${count}`,
    image: null,
    createdAt: new Date(Date.UTC(2026, 10, 24, 12, 0, count)).toISOString(),
    ...part,
  };
}

/** A conversation in which the assistant answers. */
export function aConversation(part: Partial<Conversation> = {}): Conversation {
  return {
    id: '00000000-0000-4000-9000-000000000001',
    title: '',
    desk: 'assistant',
    operator: null,
    waitingSince: null,
    assistant: true,
    pending: [],
    failed: [],
    ratings: {},
    ...part,
  };
}
