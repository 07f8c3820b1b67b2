import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { RefObject } from 'react';
import { useLocation, useNavigate } from '@/lib/router';
import { inTray, useOutbox } from '@/lib/outbox';
import type { Row } from '@/lib/outbox';
import { useUpgradeListener } from '@/lib/upgrade';
import { useDraft } from './draft';
import type { usePhotos } from './photo/usePhotos';

/** The most characters of one message; the server counts the same. */
export const LONGEST_TEXT = 8_000;

/** Characters as the server counts them: code points, not halves of an emoji. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

export interface ComposerState {
  text: string;
  setText: (text: string) => void;
  /** Photos in the tray, oldest first. */
  tray: Row[];
  /** Photos that are being made ready for this conversation. */
  preparing: number;
  /** Characters beyond the limit; 0 when it fits. */
  over: number;
  canSend: boolean;
  send: () => void;
  /** Puts a failed message back into the composer. */
  edit: (row: Row) => void;
  /** Offers a text, unless the person has begun one. */
  suggest: (text: string) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** What is being written, and what happens when it is sent. */
export function useComposer(
  sessionId: string | null,
  userId: string,
  rows: readonly Row[],
  photos: Pick<ReturnType<typeof usePhotos>, 'preparing' | 'bad'>,
): ComposerState {
  const outbox = useOutbox();
  const [text, setText] = useDraft(userId, sessionId);
  const field = useRef<HTMLTextAreaElement>(null);
  const tray = useMemo(() => rows.filter(inTray), [rows]);
  const drafts = useMemo(() => tray.filter((r) => r.state === 'draft'), [tray]);
  const over = Math.max(0, lengthOf(text) - LONGEST_TEXT);
  const canSend = outbox !== null && over === 0 && (text.trim() !== '' || drafts.length > 0);

  const preparing = photos.preparing(sessionId);

  /** The conversation in which something is to be sent as soon as its photo is ready. */
  const wanted = useRef<string | null | undefined>(undefined);
  const send = () => {
    // A photo that was picked before goes along: what is sent waits until it is ready.
    if (preparing > 0) wanted.current = sessionId;
    if (!canSend || preparing > 0) return;
    if (drafts.length > 0) void outbox.sendDrafts(drafts, sessionId, text.trim());
    else void outbox.addText(sessionId, text.trim());
    setText('');
    field.current?.focus();
  };

  useEffect(() => {
    if (wanted.current === undefined || photos.preparing(wanted.current) > 0) return;
    const here = wanted.current === null || wanted.current === sessionId; // null: it begins with this
    wanted.current = undefined;
    // Elsewhere, or where the photo is none, the person decides what is sent.
    if (here && !photos.bad) send();
  });

  const suggest = useCallback(
    (suggestion: string) => {
      setText(suggestion);
      field.current?.focus();
    },
    [setText],
  );

  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  });
  const edit = useCallback(
    (row: Row) => {
      setText([row.text, latest.current].filter(Boolean).join('\n'));
      if (row.file) void outbox?.toDraft(row.id);
      else void outbox?.remove(row.id);
      field.current?.focus();
    },
    [outbox, setText],
  );

  useDraftFromLink(text, suggest);
  useCaptionAcrossPayment(tray, text, setText);

  return { text, setText, tray, preparing, over, canSend, send, edit, suggest, field };
}

/** Another page may bring a first text along (a guide that did not help). */
function useDraftFromLink(text: string, suggest: (text: string) => void) {
  const { state, pathname } = useLocation() as { state: unknown; pathname: string };
  const navigate = useNavigate();
  const current = useRef(text);
  useEffect(() => {
    current.current = text;
  });
  useEffect(() => {
    const draft = draftIn(state);
    if (!draft) return;
    if (!current.current) suggest(draft);
    // Taken once: going back and forth does not bring it again.
    navigate(pathname, { replace: true, state: null });
  }, [state, pathname, navigate, suggest]);
}

function draftIn(state: unknown): string | null {
  if (typeof state !== 'object' || state === null || !('draft' in state)) return null;
  return typeof state.draft === 'string' ? state.draft : null;
}

/**
 * What was written beside a photo that waits for the payment goes with that photo; it comes back
 * into the composer when nobody paid.
 */
function useCaptionAcrossPayment(tray: Row[], text: string, setText: (text: string) => void) {
  const outbox = useOutbox();
  const leaving = useRef(false);
  useUpgradeListener({
    leaving: async () => {
      leaving.current = true;
      const first = tray.find((r) => r.state === 'limit' && !r.text);
      if (!first || !text.trim()) return;
      await outbox?.setText(first.id, text.trim());
      setText('');
    },
    cancelled: () => {
      leaving.current = false;
    },
  });
  const returned = tray.find((r) => r.state === 'limit' && r.text);
  useEffect(() => {
    if (!returned || text || leaving.current) return;
    setText(returned.text);
    void outbox?.setText(returned.id, '');
  }, [returned, text, setText, outbox]);
}
