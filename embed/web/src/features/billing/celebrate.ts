import { useCallback } from 'react';
import { useAuth } from '@/lib/auth';
import { useServerEvent } from '@/lib/events';
import { useI18n } from '@/lib/i18n';
import { storage } from '@/lib/storage';
import { useToast } from '@/lib/toast';

export interface Award {
  amount: number;
  reason: string;
  /** RFC 3339. */
  ts: string;
}

/** The last award that was celebrated on this device: `user id:milliseconds`. */
const KEY = 'liveassist.celebrated';

/** Milliseconds: older awards are history. Generous, since the clocks may differ. */
const RECENT = 60 * 60 * 1000;

export function isRecent(ts: string, now: number): boolean {
  return Math.abs(now - Date.parse(ts)) < RECENT;
}

/** Celebrates each award once on this device, in a tab that is being looked at. */
export function useCelebrate(): (award: Award) => void {
  const toast = useToast();
  const { t, formatNumber } = useI18n();
  const { user } = useAuth();
  const userId = user?.id;
  return useCallback(
    ({ amount, reason, ts }: Award) => {
      if (!userId) return;
      whenVisible(() => {
        if (!claim(userId, ts)) return;
        const points = formatNumber(amount);
        const key = reason === 'first_premium' ? 'app.awardFirstPremium' : 'app.award';
        toast(t(key, { points }), { tone: 'success' });
      });
    },
    [userId, toast, t, formatNumber],
  );
}

/** Celebrates awards as they come. */
export function useLiveCelebration() {
  const celebrate = useCelebrate();
  useServerEvent('xp.awarded', celebrate);
}

/** Whether this tab is the first to celebrate; after it, none is. */
function claim(userId: string, ts: string): boolean {
  const at = Date.parse(ts);
  const [who, last] = (storage.get(KEY) ?? '').split(':');
  if (who === userId && Number(last) >= at) return false;
  storage.set(KEY, `${userId}:${at}`);
  return true;
}

function whenVisible(run: () => void) {
  if (document.visibilityState !== 'hidden') {
    run();
    return;
  }
  const look = () => {
    if (document.visibilityState === 'hidden') return;
    document.removeEventListener('visibilitychange', look);
    run();
  };
  document.addEventListener('visibilitychange', look);
}
