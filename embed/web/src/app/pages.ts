import type { ComponentType } from 'react';

/** Each page is a file of its own, fetched when it is first needed. */
export const pages = {
  home: () => import('@/features/home/HomePage'),
  quickfix: () => import('@/features/quickfix/QuickFixPage'),
  guide: () => import('@/features/quickfix/GuidePage'),
  liveassist: () => import('@/features/liveassist/LiveAssistPage'),
  account: () => import('@/features/account/AccountPage'),
  signIn: () => import('@/features/auth/SignInPage'),
  register: () => import('@/features/auth/RegisterPage'),
  operator: () => import('@/features/operator/OperatorPage'),
  forgot: () => import('@/features/auth/ForgotPage'),
  reset: () => import('@/features/auth/ResetPage'),
  confirm: () => import('@/features/auth/ConfirmPage'),
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
