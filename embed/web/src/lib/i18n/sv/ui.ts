import type { ui as en } from '../en/ui';
import type { Of } from '../types';

export const ui: Of<typeof en> = {
  close: 'Stäng',
  dismiss: 'Avfärda',
  loading: 'Laddar',
  retry: 'Försök igen',
};
