import { ownTexts } from '@/lib/i18n/own';
import type { texts as en } from './en';

/** Words of the pages that mails lead to. */
export const useOwnTexts = ownTexts<typeof en>({
  en: () => import('./en').then((m) => m.texts),
  sv: () => import('./sv').then((m) => m.texts),
});
