import type { Found } from '@/api';

/** A piece of a text, and whether it was looked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** What Markdown writes for the eye of a program: emphasis, code, headings, the address of a link. */
const MARKS = /\*\*|__|`+|^#+ |\]\([^)\s]*\)?|(?<!\w)[_[](?=\S)|(?<=\S)_(?!\w)/gm;

/** A reply in one line of a list, where Markdown is not drawn. */
export function plain(text: string): string {
  return text.replace(MARKS, '').replace(/\s+/g, ' ');
}

/** Cuts a snippet at its matches (begin and end in UTF-16 code units); odd ones are left out. */
export function piecesOf({ snippet, matches }: Pick<Found, 'snippet' | 'matches'>): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const add = (end: number, hit: boolean) => {
    if (end > at) pieces.push({ text: snippet.slice(at, end), hit });
    at = Math.max(at, end);
  };
  for (const [begin = 0, end = 0] of matches) {
    if (begin < at || end <= begin || end > snippet.length) continue;
    add(begin, false);
    add(end, true);
  }
  add(snippet.length, false);
  return pieces;
}
