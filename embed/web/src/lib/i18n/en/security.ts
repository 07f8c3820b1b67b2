/** The cards about security and data, which come with the account’s page. */
export const security = {
  confirmTitle: 'Please confirm your email address',
  confirmText: (p: { email: string }) =>
    `We sent a link to ${p.email}. With a confirmed address you can set a new password if you forget yours.`,
  confirmAgain: 'Send the link again',
  confirmLogged:
    'This server runs on your own computer: without SMTP_URL the link stands in its log instead.',
  confirmSent: 'The link is on its way. It is good for 24 hours.',
  security: 'Security',
  changePassword: 'Change password',
  changeLead: 'All your other browsers are signed out when you change it.',
  current: 'Current password',
  next: 'New password',
  nextHint: 'At least 8 characters. A few words you can remember work well.',
  missing: 'Write your password.',
  short: 'A password needs at least 8 characters.',
  wrong: 'This is not your password.',
  cancel: 'Cancel',
  changed: 'Your password is changed. All other browsers are signed out.',
  browsers: 'Where you are signed in',
  browserOn: (p: { browser: string; system: string }) => `${p.browser} on ${p.system}`,
  unknownBrowser: 'Unknown browser',
  thisBrowser: 'This browser',
  lastSeen: (p: { date: string }) => `Last seen ${p.date}`,
  everywhere: 'Sign me out everywhere',
  data: 'Your data',
  dataText:
    'Your profile, conversations, photos and points in one ZIP file. Nobody else’s data is in it.',
  download: 'Download my data',
  deleteAccount: 'Delete account',
  deleteText: 'This cannot be undone. If you want to keep something, download your data first.',
  deleteGoes:
    'Your profile, all conversations and photos, your points and all sign-ins are deleted at once.',
  deletePremium: 'Premium ends at once, and nothing more is charged.',
  deleteStays:
    'For accounting we must keep that payments were made: their numbers at Stripe, times and plan, without your name and address.',
  deleteBackups: 'Backups are overwritten in time; nobody works with them.',
  deleteForGood: 'Delete for good',
  deleteRefused:
    'Your subscription could not be ended at Stripe right now, so nothing was deleted. Please try again later.',
};
