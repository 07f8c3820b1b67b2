import { Picture } from './Picture';
import s from './Picture.module.css';

/** A stack of photos that may grow. */
export function PremiumPicture() {
  return (
    <Picture>
      <rect
        className={s.raised}
        x="78"
        y="34"
        width="96"
        height="84"
        rx="10"
        transform="rotate(9 126 76)"
      />
      <rect
        className={s.raised}
        x="70"
        y="40"
        width="96"
        height="84"
        rx="10"
        transform="rotate(-7 118 82)"
      />
      <rect className={s.raised} x="68" y="44" width="100" height="88" rx="10" />
      <path className={s.tint} d="M76 112V60a8 8 0 0 1 8-8h68a8 8 0 0 1 8 8v52Z" />
      <path className={s.raised} d="m76 112 24-30 16 18 12-12 32 24Z" />
      <circle className={s.warm} cx="140" cy="68" r="8" />
      <path className={s.soft} d="M80 122h36" />
      <circle className={s.accent} cx="168" cy="44" r="17" />
      <path stroke="var(--on-accent)" strokeWidth="3" d="M168 36v16M160 44h16" />
      <path className={s.warmLine} d="M52 58v12M46 64h12M196 92v10M191 97h10" />
    </Picture>
  );
}
