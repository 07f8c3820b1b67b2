import type { ComponentProps, ReactNode } from 'react';
import { useTitle } from '@/lib/title';
import { cx } from './cx';
import styles from './Page.module.css';
import { PageHeader } from './PageHeader';

interface Props extends ComponentProps<typeof PageHeader> {
  children: ReactNode;
  /** 1080 pixels; otherwise the width of a column of text. */
  wide?: boolean | undefined;
  className?: string | undefined;
}

/** A page below the shell's bar: title of the document, h1, and room around it. */
export function Page({ children, wide = false, className, ...header }: Props) {
  useTitle(header.title);
  return (
    <div className={cx(styles.page, wide && styles.wide, className)}>
      <PageHeader {...header} />
      {children}
    </div>
  );
}
