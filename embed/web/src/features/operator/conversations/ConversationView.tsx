import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Message } from '@/api';
import { useAuth } from '@/lib/auth';
import { Loaded } from '../parts/Loaded';
import { conversationQuery, messagesQuery } from '../queries';
import { standingOf } from '../model';
import type { Conversation } from '../model';
import { Composer } from './Composer';
import { ConversationHead } from './ConversationHead';
import styles from './ConversationView.module.css';
import { MessageLog } from './MessageLog';
import { useReplies } from './useReplies';
import { usePersonTyping } from './typing';

const NONE: readonly Message[] = [];

/** One conversation: whose it is, what was said, and the place to answer. */
export function ConversationView({ sessionId }: { sessionId: string }) {
  const query = useQuery(conversationQuery(sessionId));
  return <Loaded query={query}>{(conversation) => <Open conversation={conversation} />}</Loaded>;
}

function Open({ conversation }: { conversation: Conversation }) {
  const { id } = conversation;
  const client = useQueryClient();
  const me = useAuth().user?.id ?? '';
  const standing = standingOf(conversation, me);
  const messages = useQuery(messagesQuery(id, client));
  const known = messages.data?.messages ?? NONE;
  const stored = useMemo(() => new Set(known.map((m) => m.id)), [known]);
  const replies = useReplies(id, stored);
  const typing = usePersonTyping(id);
  return (
    <div className={styles.view} data-conversation>
      <ConversationHead conversation={conversation} standing={standing} />
      <Loaded query={messages}>
        {({ hasOlder }) => (
          <MessageLog
            conversation={conversation}
            messages={known}
            hasOlder={hasOlder}
            replies={replies}
            typing={typing}
          />
        )}
      </Loaded>
      <Composer conversation={conversation} standing={standing} onSend={replies.send} />
    </div>
  );
}
