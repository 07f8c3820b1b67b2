import { describe, expect, it } from 'vitest';
import { takeArrival } from './arrival';

/** A browser at an address, as far as an arrival looks at it; `at()` gives the address now. */
function browserAt(path: string, kept = new Map<string, string>()) {
  const origin = 'https://app.example';
  const location = { href: origin + path, origin };
  return {
    kept,
    location,
    at: () => location.href.slice(origin.length),
    history: {
      state: null,
      replaceState: (_: unknown, __: string, url?: string | URL | null) => {
        location.href = new URL(url ?? '', origin).href;
      },
    },
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
  };
}

const away = () =>
  new Map([['liveassist.payment', '{"step":"away","returnTo":"/liveassist?c=1","photos":2}']]);

describe('takeArrival', () => {
  it('takes a success out of the address and keeps the payment for a reload', () => {
    const browser = browserAt('/?subscription=success&session_id=cs_1&utm=x', away());
    const want = { kind: 'success', sessionId: 'cs_1', photos: 2 };
    expect(takeArrival(browser)).toEqual(want);
    expect(browser.at()).toBe('/?utm=x');
    expect(takeArrival(browserAt('/account', browser.kept))).toEqual(want);
  });

  it.each([
    ['/liveassist', '/liveassist'],
    ['/liveassist?c=1#end', '/liveassist?c=1#end'],
    ['/?subscription=success&session_id=again', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/.//evil.example', '/'],
    ['https://evil.example/', '/'],
    ['https://app.example/account', '/'],
    ['http://', '/'],
    ['//[', '/'],
    ['javascript:alert(1)', '/'],
    ['liveassist', '/'],
    ['/\t/evil.example', '/'],
    ['/api/auth/logout', '/'],
    ['/liveassist/../api/me', '/'],
    ['/sandbox', '/'],
    ['', '/'],
  ])('goes on to return_to %j only where it is a page of this app', (to, want) => {
    const query = `session_id=cs_1&return_to=${encodeURIComponent(to)}`;
    const browser = browserAt(`/?subscription=success&${query}`);
    takeArrival(browser);
    expect(browser.at()).toBe(want);
  });

  it('knows where a cancelled purchase began', () => {
    const browser = browserAt('/account?subscription=cancelled', away());
    expect(takeArrival(browser)).toEqual({ kind: 'cancelled', returnTo: '/liveassist?c=1' });
    expect(browser.at()).toBe('/account');
    expect(takeArrival(browserAt('/account', browser.kept))).toEqual({ kind: 'none' });
  });

  it('knows a page that was left for the payment page and reached by another way', () => {
    const browser = browserAt('/liveassist', away());
    expect(takeArrival(browser)).toEqual({ kind: 'abandoned' });
    expect(takeArrival(browser)).toEqual({ kind: 'none' });
  });

  it('has nothing to tell of other addresses, of rubbish, and where storage is forbidden', () => {
    expect(takeArrival(browserAt('/?subscription=else'))).toEqual({ kind: 'none' });
    const rubbish = new Map([['liveassist.payment', '{']]);
    expect(takeArrival(browserAt('/', rubbish))).toEqual({ kind: 'none' });
    const forbidden = () => {
      throw new DOMException('no', 'SecurityError');
    };
    const browser = {
      ...browserAt('/?subscription=success&session_id=cs_1'),
      sessionStorage: { getItem: forbidden, setItem: forbidden, removeItem: forbidden },
    };
    expect(takeArrival(browser)).toEqual({ kind: 'success', sessionId: 'cs_1', photos: 0 });
    expect(browser.at()).toBe('/');
  });
});
