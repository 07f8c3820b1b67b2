import { Picture } from './Picture';
import s from './Picture.module.css';

/** A plug that is out of its socket. */
export function OfflinePicture() {
  return (
    <Picture>
      <path d="M18 128c34 6 20-44 52-44h6" />
      <path
        className={s.raised}
        d="M76 62h20a16 16 0 0 1 16 16v12a16 16 0 0 1-16 16H76a4 4 0 0 1-4-4V66a4 4 0 0 1 4-4Z"
      />
      <path strokeWidth="4" d="M113 76h13M113 92h13" />
      <path className={s.warmLine} d="m132 56 5-9M140 66l10-5M141 102l9 5M132 112l5 9" />
      <path
        className={s.tint}
        d="M162 56h18a6 6 0 0 1 6 6v44a6 6 0 0 1-6 6h-18a14 14 0 0 1-14-14V70a14 14 0 0 1 14-14Z"
      />
      <path strokeWidth="4" d="M157 76h8M157 92h8" />
      <path d="M186 84c30 0 12 46 38 46" />
    </Picture>
  );
}
