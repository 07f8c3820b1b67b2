/** The pages that mails lead to. */
export const mailLinks = {
  mailedTitle: 'Look into your mailbox',
  mailedRegister: (p: { email: string }) =>
    `We sent a mail to ${p.email}. Use the link in it, and your account is ready.`,
  mailedReset: (p: { email: string }) =>
    `If ${p.email} has an account, a mail with a link is on its way. The link is good for one hour.`,
  mailedSpam: 'Nothing there after a few minutes? Look into the folder for spam.',
  mailedLogged:
    'This server runs on your own computer: without SMTP_URL the link stands in its log instead.',
  forgotTitle: 'Forgot your password?',
  forgotLead: 'We send you a link to set a new one.',
  sendLink: 'Send the link',
  backToSignIn: 'Back to sign-in',
  mailOff: 'This server sends no mail. Please ask the people who run it for a new password.',
  resetTitle: 'Set a new password',
  resetLead: 'All browsers are signed out when you set it.',
  newPassword: 'New password',
  setPassword: 'Set password',
  resetDone: 'Your new password is set. Sign in with it now.',
  confirmTitle: 'Confirm your address',
  confirmLead: 'One press, and your address is confirmed.',
  confirm: 'Confirm address',
  confirmDone: (p: { email: string }) => `${p.email} is confirmed.`,
  linkInvalid: 'This link was used already or has run out. Please ask for a new one.',
  askAgain: 'Ask for a new link',
  goOn: 'Go on',
};
