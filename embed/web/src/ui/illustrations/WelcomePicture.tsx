import { Picture } from './Picture';
import s from './Picture.module.css';

/** A kitchen table with a mug, a phone with a conversation, and a toolbox. */
export function WelcomePicture() {
  return (
    <Picture>
      <path d="M22 142h196" />
      <path className={s.soft} d="M50 100q-5-6 0-12t0-12M60 100q-5-6 0-12t0-12" />
      <path className={s.raised} d="M40 110h30v22a10 10 0 0 1-10 10H50a10 10 0 0 1-10-10Z" />
      <path d="M70 116h4a8 8 0 0 1 0 16h-4" />
      <rect className={s.raised} x="92" y="32" width="58" height="110" rx="12" />
      <path className={s.soft} d="M115 42h12" />
      <rect className={s.fade} x="100" y="52" width="30" height="14" rx="7" />
      <rect className={s.accent} x="112" y="72" width="30" height="22" rx="8" />
      <path stroke="var(--on-accent)" d="m121 83 4 4 8-8" />
      <rect className={s.fade} x="100" y="100" width="36" height="22" rx="8" />
      <path className={s.soft} d="M107 108h22M107 114h14" />
      <path d="M178 108v-6a7 7 0 0 1 7-7h10a7 7 0 0 1 7 7v6" />
      <rect className={s.warm} x="162" y="108" width="56" height="34" rx="6" />
      <path d="M162 122h56" />
      <rect className={s.raised} x="184" y="117" width="12" height="10" rx="2" />
    </Picture>
  );
}
