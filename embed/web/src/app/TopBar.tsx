import { House, MessageCircle, UserRound, Wrench } from 'lucide-react';
import { lazy, Suspense, useId } from 'react';
import { NavLink, Link, useLocation } from '@/lib/router';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { ButtonLink } from '@/ui/Button';
import { Logo } from '@/ui/Logo';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { useUnread } from '@/lib/unread';
import { preloadPage } from './pages';
import styles from './TopBar.module.css';

/** For operators only, with its words: nobody else fetches it. */
const OperatorLink = lazy(() => import('@/features/operator/OperatorLink'));

const links = [
  { to: '/', text: 'app.home', Icon: House },
  { to: '/quickfix', text: 'app.quickfix', Icon: Wrench },
  { to: '/liveassist', text: 'app.liveassist', Icon: MessageCircle },
  { to: '/account', text: 'app.account', Icon: UserRound },
] as const;

/** The bar at the top; on phones its links stand at the bottom, where the thumb is. */
export function TopBar() {
  const { t } = useI18n();
  const { user } = useAuth();
  const { total } = useUnread();
  const unreadId = useId();
  const unread = (to: string) => to === '/liveassist' && total > 0;
  return (
    <header className={styles.bar} data-print="no">
      <div className={styles.inner}>
        <Link to="/" className={styles.logo} tabIndex={-1} aria-hidden="true">
          <Logo />
        </Link>
        <nav className={styles.nav} aria-label={t('app.mainNavigation')}>
          {links.map(({ to, text, Icon }) => (
            <NavLink
              key={to}
              to={to}
              end={to === '/'}
              className={styles.link ?? ''}
              onPointerEnter={() => preloadPage(to)}
              onFocus={() => preloadPage(to)}
              // The link keeps its name; the number is what is said of it.
              aria-describedby={unread(to) ? unreadId : undefined}
            >
              <Icon aria-hidden="true" />
              <span>{t(text)}</span>
              {unread(to) && (
                <span className={styles.unread} aria-hidden="true">
                  {total}
                </span>
              )}
            </NavLink>
          ))}
          {user?.role === 'operator' && (
            <Suspense fallback={null}>
              <OperatorLink className={styles.link ?? ''} />
            </Suspense>
          )}
        </nav>
        <VisuallyHidden>
          <span id={unreadId}>{total > 0 && t('app.unread', { count: total })}</span>
        </VisuallyHidden>
        <SignInLinks />
      </div>
    </header>
  );
}

function SignInLinks() {
  const { t } = useI18n();
  const { status } = useAuth();
  const { pathname, search } = useLocation();
  if (status !== 'signed-out' || /^\/(login|register)/.test(pathname)) return null;
  const state = { from: pathname + search };
  return (
    <div className={styles.entry}>
      <ButtonLink variant="ghost" size="small" to="/login" state={state}>
        {t('app.signIn')}
      </ButtonLink>
      <ButtonLink
        variant="primary"
        size="small"
        to="/register"
        state={state}
        className={styles.wide ?? ''}
      >
        {t('app.createAccount')}
      </ButtonLink>
    </div>
  );
}
