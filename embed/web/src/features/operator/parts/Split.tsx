import { ChevronLeft } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ReactNode, RefObject } from 'react';
import { Link, useNavigationType } from '@/lib/router';
import { useTexts } from '../texts';
import styles from './Split.module.css';

interface Props {
  list: ReactNode;
  /** What is selected in the list; null while nothing is. */
  detail: ReactNode;
  /** Which one, so that another one takes the focus as it comes. */
  selected: string | null;
  /** The address of the list alone. */
  back: string;
  /** Beside the list while nothing is selected. */
  hint: string;
}

/** A list, and beside it what is selected in it; on narrow screens one of the two. */
export function Split({ list, detail, selected, back, hint }: Props) {
  const { t } = useTexts();
  const pane = useRef<HTMLElement>(null);
  useFocusOnSelection(pane, selected);
  return (
    <div className={styles.split} data-open={selected !== null || undefined}>
      <div className={styles.list}>{list}</div>
      {selected === null ? (
        <p className={styles.hint}>{hint}</p>
      ) : (
        <section ref={pane} className={styles.detail} tabIndex={-1} aria-label={t('detail')}>
          <Link to={back} className={styles.back}>
            <ChevronLeft aria-hidden="true" />
            {t('backToList')}
          </Link>
          {detail}
        </section>
      )}
    </div>
  );
}

/** The keyboard goes on in what was just opened, and a screen reader reads it. */
function useFocusOnSelection(pane: RefObject<HTMLElement | null>, selected: string | null) {
  const type = useNavigationType();
  const last = useRef(selected);
  useEffect(() => {
    if (last.current === selected) return;
    last.current = selected;
    if (selected === null || type === 'REPLACE') return;
    pane.current?.focus({ preventScroll: true });
  }, [pane, selected, type]);
}
