import { useCallback, useEffect, useRef, useState } from 'react';
import { useAuth } from '@/lib/auth';
import { useOutbox } from '@/lib/outbox';
import { useUpgrade } from '@/lib/upgrade';
import { allowanceOf } from './allowance';
import type { PhotoError, PhotoProblem } from './prepare';

export interface BadFile {
  name: string;
  problem: PhotoProblem;
}

interface Photos {
  /** How many photos are being made ready for a conversation; those that have none yet are for any. */
  preparing: (sessionId: string | null) => number;
  /** The last file that cannot be sent. */
  bad: BadFile | null;
  dismissBad: () => void;
  add: (files: Iterable<File>) => void;
}

/** Fetched when the page is there, with the tray, before the first photo is picked. */
const loadPrepare = () => import('./prepare');

/**
 * Takes picked, dropped and pasted photos into the tray. One beyond today's allowance opens the
 * upgrade dialog at once, before any byte leaves; the photo is kept and waits.
 */
export function usePhotos(sessionId: string | null): Photos {
  const outbox = useOutbox();
  const { user } = useAuth();
  const { open } = useUpgrade();
  const [targets, setTargets] = useState<readonly (string | null)[]>([]);
  const [bad, setBad] = useState<BadFile | null>(null);
  const claimed = useRef(0);

  useEffect(() => {
    Promise.all([loadPrepare(), import('./Tray')]).catch(() => undefined);
  }, []);

  const add = useCallback(
    (files: Iterable<File>) => {
      if (!outbox || !user) return;
      setBad(null);
      const one = async (file: File) => {
        const { free } = allowanceOf(user, outbox.snapshot().rows, claimed.current);
        const limited = free <= 0;
        if (limited) open('image-limit');
        else claimed.current++;
        setTargets((list) => [...list, sessionId]);
        try {
          const { prepare } = await loadPrepare();
          const picture = await prepare(file);
          await outbox.addPhoto(sessionId, picture, limited ? user.image_reset_at : null);
        } catch (error) {
          setBad({
            name: file.name,
            problem: problemOf(error),
          });
        } finally {
          if (!limited) claimed.current--;
          setTargets((list) => list.toSpliced(list.indexOf(sessionId), 1));
        }
      };
      // One after the other: a decoded photo takes some 50 MB of memory.
      void [...files].reduce((before, file) => before.then(() => one(file)), Promise.resolve());
    },
    [outbox, user, open, sessionId],
  );

  const preparing = useCallback(
    (id: string | null) => targets.filter((to) => to === null || to === id).length,
    [targets],
  );
  const dismissBad = useCallback(() => setBad(null), []);
  return { preparing, bad, dismissBad, add };
}

function problemOf(error: unknown): PhotoProblem {
  return error instanceof Error && 'problem' in error ? (error as PhotoError).problem : 'notAPhoto';
}
