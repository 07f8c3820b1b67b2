import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from '@/lib/router';
import { addressOf, TABS } from './model';
import styles from './Tabs.module.css';
import { useTexts } from './texts';

interface Props {
  /** Conversations that wait for a person. */
  waiting: number;
  /** Webhooks that could not be booked yet. */
  parked: number;
}

/** The operator's pages, with what waits on them. */
export function Tabs({ waiting, parked }: Props) {
  const { t, formatNumber } = useTexts();
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On a phone the row is wider than the screen: the present tab comes into view.
  useEffect(() => {
    const present = nav.current?.querySelector('[aria-current]');
    present?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname, waiting, parked]);
  const counts = { conversations: waiting, webhooks: parked };
  return (
    <nav ref={nav} className={styles.tabs} aria-label={t('title')}>
      {TABS.map((tab) => {
        const count = tab in counts ? counts[tab as keyof typeof counts] : 0;
        return (
          <NavLink key={tab} to={addressOf(tab)} end={tab === 'overview'}>
            {t(`tab_${tab}`)}
            {count > 0 && (
              <span className={styles.count} title={t(`tabWaits_${tab as keyof typeof counts}`)}>
                {formatNumber(count)}
              </span>
            )}
          </NavLink>
        );
      })}
    </nav>
  );
}
