import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { withTexts } from '@/lib/i18n';
import { useAuth } from '@/lib/auth';
import { useUnsentCount } from '@/lib/outbox';
import { useUpgrade } from '@/lib/upgrade';

const SessionEnded = lazy(withTexts('auth', () => import('./SessionEndedDialog')));
const SignOut = lazy(() => import('./SignOutDialog'));
const Upgrade = lazy(withTexts('billing', () => import('@/features/billing/UpgradeDialog')));

/** The dialogs that may come over any page, each fetched when it is first needed. */
export function Dialogs() {
  const { sessionEnded } = useAuth();
  const { request } = useUpgrade();
  const question = useSignOutQuestion();
  return (
    <Suspense fallback={null}>
      {sessionEnded && <SessionEnded />}
      {question && <SignOut unsent={question.unsent} onAnswer={question.answer} />}
      {request && <Upgrade />}
    </Suspense>
  );
}

interface Question {
  unsent: number;
  answer: (go: boolean) => void;
}

/** Signing out while something was not sent yet asks first. */
function useSignOutQuestion(): Question | null {
  const { guardSignOut } = useAuth();
  const unsent = useUnsentCount();
  const [resolve, setResolve] = useState<((go: boolean) => void) | null>(null);
  const count = useRef(unsent);
  useEffect(() => {
    count.current = unsent;
  }, [unsent]);

  useEffect(
    () =>
      guardSignOut(() => {
        if (count.current === 0) return Promise.resolve(true);
        return new Promise((answer) => setResolve(() => answer));
      }),
    [guardSignOut],
  );

  if (!resolve) return null;
  const answer = (go: boolean) => {
    resolve(go);
    setResolve(null);
  };
  return { unsent, answer };
}
