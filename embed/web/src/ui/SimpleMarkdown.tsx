import { Fragment } from 'react';
import { inlineParts, parseBlocks } from './simple-markdown';
import styles from './SimpleMarkdown.module.css';

/** Text of a guide: paragraphs, flat lists and bold, as elements; never a string of HTML. */
export function SimpleMarkdown({ text }: { text: string }) {
  return (
    <div className={styles.text}>
      {parseBlocks(text).map((block, i) => {
        switch (block.kind) {
          case 'paragraph':
            return (
              <p key={i}>
                <Inline text={block.text} />
              </p>
            );
          case 'bullets':
            return (
              <ul key={i}>
                <Items items={block.items} />
              </ul>
            );
          case 'numbers':
            return (
              <ol key={i}>
                <Items items={block.items} />
              </ol>
            );
        }
      })}
    </div>
  );
}

function Items({ items }: { items: string[] }) {
  return items.map((item, i) => (
    <li key={i}>
      <Inline text={item} />
    </li>
  ));
}

function Inline({ text }: { text: string }) {
  return inlineParts(text).map((part, i) =>
    part.bold ? <strong key={i}>{part.text}</strong> : <Fragment key={i}>{part.text}</Fragment>,
  );
}
