import { Picture } from './Picture';
import s from './Picture.module.css';

/** A dripping tap told in one bubble, and a reply about to come in another. */
export function EmptyConversationPicture() {
  return (
    <Picture>
      <path
        className={s.raised}
        d="M52 26h84a16 16 0 0 1 16 16v46a16 16 0 0 1-16 16H78l-20 17a2 2 0 0 1-3-2v-15h-3a16 16 0 0 1-16-16V42a16 16 0 0 1 16-16Z"
      />
      <path d="M62 48v26" />
      <path className={s.tint} d="M62 53h40c12 0 18 7 18 17v4h-15v-3c0-3-2-5-5-5H62Z" />
      <path d="M84 53V43M74 42h20" />
      <path className={s.warm} d="M112.5 80c5 6 5 12 0 12s-5-6 0-12Z" />
      <path
        className={s.accent}
        d="M144 92h44a14 14 0 0 1 14 14v18a14 14 0 0 1-14 14v12c0 2-2 3-4 2l-18-14h-22a14 14 0 0 1-14-14v-18a14 14 0 0 1 14-14Z"
      />
      <g fill="var(--on-accent)" stroke="none">
        <circle cx="152" cy="115" r="4" />
        <circle cx="166" cy="115" r="4" />
        <circle cx="180" cy="115" r="4" />
      </g>
    </Picture>
  );
}
