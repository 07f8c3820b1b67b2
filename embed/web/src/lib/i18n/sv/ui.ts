import type { ui as en } from '../en/ui';
import type { Of } from '../types';

export const ui: Of<typeof en> = {
  close: 'Stäng',
  dismiss: 'Avfärda',
  loading: 'Laddar',
  retry: 'Försök igen',
  premium: 'Premium',
  free: 'Gratis',
  upgrade: 'Uppgradera',
  level: (p) => `Nivå ${p.n}`,
  points: 'poäng',
  levelProgress: 'På väg till nästa nivå',
  toNext: (p) => `${p.n} poäng till nivå ${p.level}`,
  photosToday: 'Foton kvar i dag',
  photosUnlimited: 'Skicka så många foton du vill.',
  copy: 'Kopiera',
  copied: 'Kopierat',
  copyFailed: 'Webbläsaren tillåter inte kopiering här.',
  clearSearch: 'Rensa sökningen',
};
