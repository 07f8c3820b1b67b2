import type { ComponentProps, MouseEvent } from 'react';
import { leadsTo } from './match';
import { useLocation, useNavigate } from './Router';

export interface LinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  /** A path of this app, with query and hash. */
  to: string;
  /** Takes the place of the present address in the history. */
  replace?: boolean | undefined;
  /** Carried along to the page. */
  state?: unknown;
}

/** A link inside the app. Every way to open it elsewhere (new tab, download) stays the browser's. */
export function Link({ to, replace, state, onClick, children, ...rest }: LinkProps) {
  const navigate = useNavigate();
  const { pathname, search, hash } = useLocation();
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || rest.target || 'download' in rest) return;
    if (event.metaKey || event.altKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    // The same address again adds nothing to go back to.
    navigate(to, { replace: replace ?? to === pathname + search + hash, state });
  };
  return (
    <a {...rest} href={to} onClick={click}>
      {children}
    </a>
  );
}

/** A link that knows whether it leads to the present page. */
export function NavLink({ end = false, ...link }: LinkProps & { end?: boolean }) {
  const { pathname } = useLocation();
  const present = leadsTo(link.to, pathname, end);
  return <Link {...link} aria-current={present ? 'page' : undefined} />;
}
