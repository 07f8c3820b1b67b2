import type { ComponentType } from 'react';
import { withTexts } from '@/lib/i18n/load';

/** A page that a mail leads to: its words, and those of the entry around it. */
function fromMail<M>(load: () => Promise<M>) {
  return withTexts('auth', withTexts('mailLinks', load));
}

/** Each page is a file of its own, fetched with its texts when it is first needed. */
export const pages = {
  home: withTexts('home', () => import('@/features/home/HomePage')),
  quickfix: withTexts('quickfix', () => import('@/features/quickfix/QuickFixPage')),
  guide: withTexts('quickfix', () => import('@/features/quickfix/GuidePage')),
  liveassist: withTexts('liveassist', () => import('@/features/liveassist/LiveAssistPage')),
  account: withTexts('account', () => import('@/features/account/AccountPage')),
  signIn: withTexts('auth', () => import('@/features/auth/SignInPage')),
  register: withTexts('auth', () => import('@/features/auth/RegisterPage')),
  operator: () => import('@/features/operator/OperatorPage'),
  forgot: fromMail(() => import('@/features/auth/ForgotPage')),
  reset: fromMail(() => import('@/features/auth/ResetPage')),
  confirm: fromMail(() => import('@/features/auth/ConfirmPage')),
} satisfies Record<string, () => Promise<{ default: ComponentType }>>;

const byPath: [RegExp, keyof typeof pages][] = [
  [/^\/$/, 'home'],
  [/^\/quickfix\/?$/, 'quickfix'],
  [/^\/quickfix\/./, 'guide'],
  [/^\/liveassist/, 'liveassist'],
  [/^\/account/, 'account'],
  [/^\/login/, 'signIn'],
  [/^\/register/, 'register'],
  [/^\/operator(\/|$)/, 'operator'],
  [/^\/forgot/, 'forgot'],
  [/^\/reset/, 'reset'],
  [/^\/confirm/, 'confirm'],
];

/** Begins to fetch the page at `path`, so that it is there when the router asks for it. */
export function preloadPage(path: string) {
  const found = byPath.find(([pattern]) => pattern.test(path));
  // A failure shows when the page is really asked for.
  if (found) pages[found[1]]().catch(() => undefined);
}
