import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { leadsTo, match } from './match';
import {
  BrowserRouter,
  Link,
  NavLink,
  Outlet,
  Route,
  Routes,
  useLocation,
  useNavigationType,
  useParams,
  useSearchParams,
} from '.';

describe('match', () => {
  it.each([
    ['/', '/', {}],
    ['/quickfix', '/quickfix/', {}],
    ['/quickfix/:slug', '/quickfix/dripping-tap', { slug: 'dripping-tap' }],
    ['/quickfix/:slug', '/quickfix/a%20b', { slug: 'a b' }],
    ['/quickfix/:slug', '/quickfix/%', { slug: '%' }],
    ['/quickfix/:slug', '/quickfix', null],
    ['/quickfix', '/quickfix/x', null],
    ['/quickfix', '/QuickFix', null],
    ['*', '/any/thing', {}],
  ])('%s at %s', (pattern, path, want) => {
    expect(match(pattern, path)).toEqual(want);
  });
});

describe('leadsTo', () => {
  it.each([
    ['/', '/', true, true],
    ['/', '/account', false, false],
    ['/quickfix', '/quickfix/a', false, true],
    ['/quickfix', '/quickfix/a', true, false],
    ['/quick', '/quickfix', false, false],
  ])('%s from %s', (to, path, end, want) => {
    expect(leadsTo(to, path, end)).toBe(want);
  });
});

function Where() {
  const { pathname, search, state } = useLocation();
  const type = useNavigationType();
  const { slug } = useParams<'slug'>();
  return <output>{JSON.stringify({ path: pathname + search, state, type, slug })}</output>;
}

function Counter() {
  const [params, set] = useSearchParams();
  const add = (now: URLSearchParams) => {
    now.set('n', String(Number(now.get('n')) + 1));
    return now;
  };
  return <button onClick={() => set(add, { replace: true })}>n is {params.get('n')}</button>;
}

function Site() {
  return (
    <BrowserRouter>
      <Routes>
        <Route
          element={
            <>
              <NavLink to="/">Home</NavLink>
              <NavLink to="/guides">Guides</NavLink>
              <Outlet />
              <Where />
            </>
          }
        >
          <Route
            path="/"
            element={
              <Link to="/guides/tap?a=1" state={{ from: 'home' }}>
                A guide
              </Link>
            }
          />
          <Route path="/guides/:slug" element={<Counter />} />
          <Route path="*" element={<p>nothing here</p>} />
        </Route>
      </Routes>
    </BrowserRouter>
  );
}

const where = () => JSON.parse(screen.getByRole('status').textContent) as Record<string, unknown>;

describe('Router', () => {
  beforeEach(() => history.replaceState(null, '', '/'));

  it('follows links, with what they carry, and marks the present one', async () => {
    render(<Site />);
    expect(screen.getByRole('link', { name: 'Home' })).toHaveAttribute('aria-current', 'page');
    await userEvent.click(screen.getByRole('link', { name: 'A guide' }));
    expect(where()).toEqual({
      path: '/guides/tap?a=1',
      state: { from: 'home' },
      type: 'PUSH',
      slug: 'tap',
    });
    expect(location.pathname).toBe('/guides/tap');
    expect(screen.getByRole('link', { name: 'Home' })).not.toHaveAttribute('aria-current');
    expect(screen.getByRole('link', { name: 'Guides' })).toHaveAttribute('aria-current', 'page');
  });

  it('changes the query in place', async () => {
    history.replaceState(null, '', '/guides/tap');
    render(<Site />);
    const length = history.length;
    await userEvent.click(screen.getByRole('button'));
    await userEvent.click(screen.getByRole('button', { name: 'n is 1' }));
    expect(location.search).toBe('?n=2');
    expect(history.length).toBe(length);
  });

  it('goes where the browser goes', () => {
    render(<Site />);
    act(() => {
      history.replaceState({ usr: 7 }, '', '/elsewhere');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    expect(screen.getByText('nothing here')).toBeInTheDocument();
    expect(where()).toMatchObject({ path: '/elsewhere', state: 7, type: 'POP' });
  });

  it('leaves a click with a modifier to the browser', async () => {
    render(<Site />);
    const user = userEvent.setup();
    let prevented = true;
    addEventListener(
      'click',
      (e) => {
        prevented = e.defaultPrevented;
        e.preventDefault();
      },
      { once: true },
    );
    await user.keyboard('{Control>}');
    await user.click(screen.getByRole('link', { name: 'A guide' }));
    expect(prevented).toBe(false);
    expect(where().path).toBe('/');
  });
});
