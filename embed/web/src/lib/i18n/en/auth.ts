export const auth = {
  signIn: 'Sign in',
  signInLead: 'Your conversations are where you left them.',
  createAccount: 'Create account',
  registerLead: 'Free, and ready in a minute. No card needed.',
  email: 'Email',
  password: 'Password',
  name: 'Name (optional)',
  nameHint: 'What we may call you.',
  passwordHint: 'At least 8 characters. A few words you can remember work well.',
  showTyped: 'Show what I type',
  noAccount: 'New here?',
  createOne: 'Start for free',
  haveAccount: 'Been here before?',
  signInInstead: 'Sign in instead',
  emailMissing: 'Write your email address.',
  emailIncomplete: 'This address is not complete. It should look like name@example.com.',
  passwordMissing: 'Write your password.',
  passwordShort: 'A password needs at least 8 characters.',
  offlineTitle: 'You are offline',
  offlineText: 'What you typed stays here. Try again when the network is back.',
  waitTitle: 'Too many tries',
  waitText: 'To protect accounts, the next try has to wait a little. What you typed stays here.',
  waitLeft: (p: { seconds: number }) =>
    p.seconds > 90
      ? `Try again in ${Math.ceil(p.seconds / 60)} minutes.`
      : `Try again in ${p.seconds} ${p.seconds === 1 ? 'second' : 'seconds'}.`,
};
