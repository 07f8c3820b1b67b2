import { ownTexts } from '@/lib/i18n/own';
import type { texts as en } from './en';

/** Words of the cards about security and data. */
export const useOwnTexts = ownTexts<typeof en>({
  en: () => import('./en').then((m) => m.texts),
  sv: () => import('./sv').then((m) => m.texts),
});
