/*
 * The part of Markdown that guides use: paragraphs, flat lists and bold. Whatever else is written
 * comes out as the characters that it is. (A conversation has all of Markdown, in a lazy chunk.)
 */

export type Block =
  { kind: 'paragraph'; text: string } | { kind: 'bullets' | 'numbers'; items: string[] };

export interface InlinePart {
  text: string;
  bold: boolean;
}

const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBER = /^\s*\d+[.)]\s+(.*)$/;

export function parseBlocks(source: string): Block[] {
  const blocks: Block[] = [];
  let open = false;
  for (const line of source.split(/\r?\n/)) {
    if (line.trim() === '') {
      open = false;
      continue;
    }
    const last = blocks.at(-1);
    const bullet = BULLET.exec(line)?.[1];
    const number = NUMBER.exec(line)?.[1];
    if (bullet !== undefined) addItem(blocks, 'bullets', bullet);
    else if (number !== undefined) addItem(blocks, 'numbers', number);
    else if (open && last) continueWith(last, line.trim());
    else blocks.push({ kind: 'paragraph', text: line.trim() });
    open = true;
  }
  return blocks;
}

function addItem(blocks: Block[], kind: 'bullets' | 'numbers', item: string) {
  const last = blocks.at(-1);
  if (last?.kind === kind) last.items.push(item);
  else blocks.push({ kind, items: [item] });
}

/** A line without a mark belongs to what stands above it. */
function continueWith(block: Block, line: string) {
  if (block.kind === 'paragraph') block.text += ` ${line}`;
  else block.items.push(`${block.items.pop() ?? ''} ${line}`);
}

export function inlineParts(text: string): InlinePart[] {
  const parts: InlinePart[] = [];
  // Every second piece stood between two pairs of stars.
  text.split(/\*\*(\S(?:.*?\S)?)\*\*/).forEach((piece, i) => {
    if (piece !== '') parts.push({ text: piece, bold: i % 2 === 1 });
  });
  return parts;
}
