import type { ComponentProps, ReactNode } from 'react';
import { Link } from '@/lib/router';
import styles from './LinkCard.module.css';

interface Props extends Omit<ComponentProps<typeof Link>, 'children' | 'className' | 'title'> {
  /** The link's name, and the heading of the card. */
  title: string;
  icon?: ReactNode;
  children?: ReactNode;
  /** Small facts under the text. */
  facts?: ReactNode;
  level?: 2 | 3 | undefined;
}

/** A card that is one link: the title is its name, the whole surface can be pressed. */
export function LinkCard({ title, icon, children, facts, level = 3, ...link }: Props) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className={styles.card}>
      {icon && <span className={styles.icon}>{icon}</span>}
      <div className={styles.words}>
        <Heading className={styles.title}>
          <Link {...link} className={styles.link}>
            {title}
          </Link>
        </Heading>
        {children && <p className={styles.text}>{children}</p>}
        {facts && <p className={styles.facts}>{facts}</p>}
      </div>
    </div>
  );
}
