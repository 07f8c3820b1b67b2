export const app = {
  skipLink: 'Skip to the content',
  mainNavigation: 'Main',
  home: 'Home',
  quickfix: 'QuickFix',
  liveassist: 'LiveAssist',
  account: 'Account',
  unread: (p: { count: number }) =>
    p.count === 1 ? '1 unread reply' : `${p.count} unread replies`,
  signIn: 'Sign in',
  createAccount: 'Create account',
  reconnecting: 'Reconnecting… What you write is kept and sent as soon as the connection is back.',
  offline: 'You are offline. Reconnecting as soon as the network is back; what you write is kept.',
  notFoundTitle: 'Page not found',
  notFoundText: 'There is nothing at this address. The link may be old, or mistyped.',
  backHome: 'Back to Home',
  crashTitle: 'Something went wrong',
  crashText:
    'The page stopped working. Your messages are safe: what was not sent is kept on this device.',
  reload: 'Reload',
  updateReady: 'A new version of LiveAssist is ready.',
  later: 'Later',
  unreachableTitle: 'The server cannot be reached',
  unreachableText: 'Check your network. Nothing that you wrote is lost.',
  tryAgain: 'Try again',
  signInToGoOn: 'Sign in to go on',
  signInLead: 'You come right back to where you were.',
  sessionEndedTitle: 'Please sign in again',
  sessionEndedText:
    'Your sign-in ended. Everything on this page stays, and unsent messages go out once you are back.',
  newHere: 'New here?',
  signOutTitle: 'Sign out?',
  signOutUnsent: (p: { count: number }) =>
    p.count === 1
      ? 'One message or photo has not been sent. It stays on this device and is kept for your next sign-in here.'
      : `${p.count} messages or photos have not been sent. They stay on this device and are kept for your next sign-in here.`,
  signOutAnyway: 'Sign out',
  stay: 'Stay signed in',
  awardFirstPremium: (p: { points: string }) => `${p.points} points for your first time Premium!`,
  award: (p: { points: string }) => `You earned ${p.points} points!`,
  photosReleased: (p: { count: number }) =>
    p.count === 1
      ? 'Premium is active. Your photo is being sent.'
      : `Premium is active. Your ${p.count} photos are being sent.`,
};
