import type { Nodes, Parents } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { Fragment, memo } from 'react';
import type { ReactNode } from 'react';
import { Link } from '@/lib/router';
import styles from './Markdown.module.css';

/** Quotes and lists nested deeper than this are shown as text, so that no text can exhaust the stack. */
const DEEPEST = 12;

/**
 * Markdown as React elements, by a list of what is allowed: everything else, HTML above all, is
 * shown as the text that it is. No HTML string is ever made.
 */
export default memo(function Markdown({ text }: { text: string }) {
  return <div className={styles.markdown}>{children(fromMarkdown(text), 0)}</div>;
});

function children(parent: Parents, depth: number): ReactNode {
  return parent.children.map((child, index) => (
    <Fragment key={index}>{node(child, depth + 1)}</Fragment>
  ));
}

function node(item: Nodes, depth: number): ReactNode {
  if (depth > DEEPEST) return textOf(item);
  const inside = () => ('children' in item ? children(item, depth) : null);
  switch (item.type) {
    case 'text':
      return item.value;
    case 'paragraph':
      return <p>{inside()}</p>;
    case 'strong':
      return <strong>{inside()}</strong>;
    case 'emphasis':
      return <em>{inside()}</em>;
    case 'inlineCode':
      return <code>{item.value}</code>;
    case 'code':
      return (
        // A long line scrolls, so the keyboard must reach it.
        // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex
        <pre tabIndex={0}>
          <code>{item.value}</code>
        </pre>
      );
    case 'heading':
      // The page has its own headings; inside a message it is only a strong line.
      return <p className={styles.heading}>{inside()}</p>;
    case 'list':
      return item.ordered ? <ol start={item.start ?? 1}>{inside()}</ol> : <ul>{inside()}</ul>;
    case 'listItem':
      return <li>{inside()}</li>;
    case 'blockquote':
      return <blockquote>{inside()}</blockquote>;
    case 'thematicBreak':
      return <hr />;
    case 'break':
      return <br />;
    case 'link':
      return <SafeLink url={item.url}>{inside()}</SafeLink>;
    case 'image':
    case 'imageReference':
      return item.alt ?? '';
    case 'html':
      return item.value;
    case 'definition':
    case 'footnoteDefinition':
    case 'yaml':
      return null;
    default:
      return inside();
  }
}

function SafeLink({ url, children: words }: { url: string; children: ReactNode }) {
  // Browsers drop tabs and line ends from an address, and then read it anew.
  if (/\p{Cc}/u.test(url)) return words;
  // `//host` and `/\host` would leave the app.
  if (/^\/(?![/\\])/.test(url)) return <Link to={url}>{words}</Link>;
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return words;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow">
      {words}
    </a>
  );
}

/** The words of an item. It is as deep as a text may be long, so nothing calls itself here. */
function textOf(item: Nodes): string {
  const words: string[] = [];
  const waiting: Nodes[] = [item];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if ('value' in next) words.push(next.value);
    else if ('children' in next) waiting.push(...[...next.children].reverse());
  }
  return words.join(' ');
}
