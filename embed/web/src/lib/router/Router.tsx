import {
  createContext,
  startTransition,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from 'react';
import type { ReactNode } from 'react';
import { browserHistory, memoryHistory } from './history';
import type { Entry, History, Location, NavigationType } from './history';

interface RouterValue extends Entry {
  history: History;
}

const RouterContext = createContext<RouterValue | null>(null);

interface Props {
  children: ReactNode;
}

/**
 * Follows the history. A new place is shown in a transition: the old page stays until the file of
 * the new one has arrived.
 */
function Router({ history, children }: Props & { history: History }) {
  const [entry, setEntry] = useState(history.current);
  useEffect(() => {
    const follow = () => startTransition(() => setEntry(history.current()));
    follow();
    return history.subscribe(follow);
  }, [history]);
  const value = useMemo(() => ({ ...entry, history }), [entry, history]);
  return <RouterContext value={value}>{children}</RouterContext>;
}

export function BrowserRouter({ children }: Props) {
  const [history] = useState(browserHistory);
  return <Router history={history}>{children}</Router>;
}

/** A router without a browser's address bar, for tests. */
export function MemoryRouter({
  initialEntries = ['/'],
  children,
}: Props & { initialEntries?: (string | { pathname: string; state?: unknown })[] }) {
  const [history] = useState(() => memoryHistory(initialEntries[0] ?? '/'));
  return <Router history={history}>{children}</Router>;
}

function useRouter(): RouterValue {
  const router = use(RouterContext);
  if (!router) throw new Error('useRouter: no router above');
  return router;
}

export function useLocation(): Location {
  return useRouter().location;
}

export function useNavigationType(): NavigationType {
  return useRouter().type;
}

export interface NavigateOptions {
  replace?: boolean | undefined;
  state?: unknown;
}

/** Goes to a path of this app. */
export type NavigateFunction = (to: string, options?: NavigateOptions) => void;

export function useNavigate(): NavigateFunction {
  const { history } = useRouter();
  return useCallback((to, options = {}) => history.go(to, options), [history]);
}

/** Goes elsewhere as soon as it is shown, in place of the present address. */
export function Navigate({ to, state }: { to: string; state?: unknown; replace?: true }) {
  const navigate = useNavigate();
  useEffect(() => navigate(to, { replace: true, state }), [navigate, to, state]);
  return null;
}

/** The query of the address, and a way to change it. */
export function useSearchParams(): [
  URLSearchParams,
  (change: (now: URLSearchParams) => URLSearchParams, options?: NavigateOptions) => void,
] {
  const { history, location } = useRouter();
  const params = useMemo(() => new URLSearchParams(location.search), [location.search]);
  const set = useCallback(
    (change: (now: URLSearchParams) => URLSearchParams, options: NavigateOptions = {}) => {
      const { pathname, search, hash, state } = history.current().location;
      const query = change(new URLSearchParams(search)).toString();
      history.go(`${pathname}${query && `?${query}`}${hash}`, { state, ...options });
    },
    [history],
  );
  return [params, set];
}
