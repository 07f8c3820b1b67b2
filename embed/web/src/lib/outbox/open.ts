import type { QueryClient } from '@tanstack/react-query';
import type { User } from '@/api';
import { ensureSession } from '@/lib/conversation';
import { newId } from '@/lib/id';
import { addMessage } from '@/lib/messages';
import { keys } from '@/lib/queries';
import { Outbox } from './outbox';
import { send } from './send';
import { diskStore, memoryStore, withFallback } from './store';

const store = withFallback(diskStore(), memoryStore());

interface Options {
  client: QueryClient;
  userId: string;
  storeSessionId: (id: string) => void;
  /** A photo was refused because today's allowance is used up. */
  onLimit: () => void;
}

/** Opens a person's outbox on this device. */
export function openOutbox({ client, userId, storeSessionId, onLimit }: Options): Outbox {
  return new Outbox({
    userId,
    store,
    send,
    ensureSession: () => ensureSession(storeSessionId),
    onStored: (message) => {
      addMessage(client, message);
      // The event tells the new count too; this is for when the stream is down.
      if (message.image) void client.invalidateQueries({ queryKey: keys.me });
    },
    onLimit: () => {
      void client.invalidateQueries({ queryKey: keys.me });
      onLimit();
    },
    allowanceEnd: () => client.getQueryData<User | null>(keys.me)?.image_reset_at ?? null,
    newId,
    now: () => Date.now(),
    random: () => Math.random(),
  });
}
