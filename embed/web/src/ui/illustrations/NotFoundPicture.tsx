import { Picture } from './Picture';
import s from './Picture.module.css';

/** A board of tools on which one is missing. */
export function NotFoundPicture() {
  return (
    <Picture>
      <rect className={s.raised} x="38" y="22" width="164" height="116" rx="12" />
      <g className={s.fade}>
        {[44, 68, 92, 116].flatMap((y) =>
          [58, 89, 120, 151, 182].map((x) => <circle key={`${x}-${y}`} cx={x} cy={y} r="2" />),
        )}
      </g>
      <path className={s.tint} d="M56 46h22c8 0 10 6 10 10H78v4H56Z" />
      <rect className={s.warm} x="63" y="60" width="10" height="58" rx="4" />
      <path
        className={s.dashed}
        d="M112 40v12l8 6 8-6V40a17 17 0 0 1 0 32v46a8 8 0 0 1-16 0V72a17 17 0 0 1 0-32Z"
      />
      <path d="M176 42v38" strokeWidth="4" />
      <path d="M172 40h8" strokeWidth="3" />
      <rect className={s.tint} x="167" y="80" width="18" height="38" rx="7" />
      <path className={s.soft} d="M173 88v22M179 88v22" />
    </Picture>
  );
}
