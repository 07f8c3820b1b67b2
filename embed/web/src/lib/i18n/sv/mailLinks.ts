import type { mailLinks as en } from '../en/mailLinks';
import type { Of } from '../types';

export const mailLinks: Of<typeof en> = {
  mailedTitle: 'Titta i din brevlåda',
  mailedRegister: (p) =>
    `Vi har skickat ett mejl till ${p.email}. Använd länken i det, så är ditt konto klart.`,
  mailedReset: (p) =>
    `Om ${p.email} har ett konto är ett mejl med en länk på väg. Länken gäller i en timme.`,
  mailedSpam: 'Inget där efter några minuter? Titta i mappen för skräppost.',
  mailedLogged: 'Servern körs på din egen dator: utan SMTP_URL står länken i dess logg i stället.',
  forgotTitle: 'Glömt lösenordet?',
  forgotLead: 'Vi skickar en länk så att du kan välja ett nytt.',
  sendLink: 'Skicka länken',
  backToSignIn: 'Tillbaka till inloggningen',
  mailOff: 'Den här servern skickar inga mejl. Be dem som driver den om ett nytt lösenord.',
  resetTitle: 'Välj ett nytt lösenord',
  resetLead: 'Alla webbläsare loggas ut när du väljer det.',
  newPassword: 'Nytt lösenord',
  setPassword: 'Spara lösenordet',
  resetDone: 'Ditt nya lösenord är sparat. Logga in med det nu.',
  confirmTitle: 'Bekräfta din adress',
  confirmLead: 'Ett tryck, så är adressen bekräftad.',
  confirm: 'Bekräfta adressen',
  confirmDone: (p) => `${p.email} är bekräftad.`,
  linkInvalid: 'Länken är redan använd eller har gått ut. Be om en ny.',
  askAgain: 'Be om en ny länk',
  goOn: 'Fortsätt',
};
