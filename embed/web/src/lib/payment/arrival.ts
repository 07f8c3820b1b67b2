/** Where this tab stands with a payment, in sessionStorage: another tab is another purchase. */
const KEY = 'liveassist.payment';

/**
 * What is remembered of a payment.
 *
 *   away  the browser was sent to the payment page from `returnTo`; so many photos wait for it
 *   back  it came back from there, and the payment is not known to be booked yet
 */
type Record =
  | { step: 'away'; returnTo: string; photos: number }
  | { step: 'back'; sessionId: string | null; photos: number };

/** How this page was reached, as far as payments are concerned. */
export type Arrival =
  | { kind: 'none' }
  /** Paid, or on a reload of the page that came back; `sessionId` is Stripe's, for `confirm`. */
  | { kind: 'success'; sessionId: string | null; photos: number }
  /** By the payment page's own way back. */
  | { kind: 'cancelled'; returnTo: string | null }
  /** By another way: the Back button, or an address typed by hand. */
  | { kind: 'abandoned' };

/** The parts of the browser that an arrival touches. */
interface Browser {
  location: { href: string; origin: string };
  history: Pick<History, 'replaceState' | 'state'>;
  sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/**
 * Reads how the person came back from the payment page, and takes that out of the address at once:
 * it is neither to be bookmarked nor to happen again on a reload. The payment's id is kept for this
 * tab until the outcome is known. A success goes on to the path that the purchase began at.
 */
export function takeArrival(browser: Browser): Arrival {
  const address = new URL(browser.location.href);
  const answer = address.searchParams.get('subscription');
  const kept = read(browser);
  if (answer === 'success') {
    const sessionId = address.searchParams.get('session_id');
    const photos = kept?.photos ?? 0;
    write(browser, { step: 'back', sessionId, photos });
    leaveFor(browser, returnPath(address) ?? address.href);
    return { kind: 'success', sessionId, photos };
  }
  if (answer === 'cancelled') {
    write(browser, null);
    leaveFor(browser, address.href);
    return { kind: 'cancelled', returnTo: kept?.step === 'away' ? kept.returnTo : null };
  }
  if (kept?.step === 'back') {
    return { kind: 'success', sessionId: kept.sessionId, photos: kept.photos };
  }
  if (kept?.step === 'away') {
    write(browser, null);
    return { kind: 'abandoned' };
  }
  return { kind: 'none' };
}

/** Remembers, before the browser leaves for the payment page, where the purchase began. */
export function rememberDeparture(returnTo: string, photos: number) {
  write(window, { step: 'away', returnTo, photos });
}

/** The outcome of the payment is known, or there was none. */
export function forgetPayment() {
  write(window, null);
}

/** `return_to` of the address, when it is a page of this app. */
function returnPath({ searchParams, origin }: URL): string | null {
  const path = searchParams.get('return_to');
  if (!path?.startsWith('/') || !URL.canParse(path, origin)) return null;
  // To a browser "//host", "/\\host" and the like are other sites; so it is asked.
  const target = new URL(path, origin);
  const own =
    target.origin === origin && !/^\/(\/|(api|sandbox|debug)(\/|$))/.test(target.pathname);
  return own ? target.href : null;
}

function leaveFor({ history }: Browser, href: string) {
  const url = new URL(href);
  for (const name of ['subscription', 'session_id', 'return_to']) url.searchParams.delete(name);
  history.replaceState(history.state, '', url.href);
}

// Storage may be forbidden; the payment is then followed until the page is left.
function read({ sessionStorage }: Browser): Record | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Record | null;
  } catch {
    return null;
  }
}

function write(browser: Browser, record: Record | null) {
  try {
    if (record) browser.sessionStorage.setItem(KEY, JSON.stringify(record));
    else browser.sessionStorage.removeItem(KEY);
  } catch {
    // See read.
  }
}
