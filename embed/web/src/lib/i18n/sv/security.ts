import type { security as en } from '../en/security';
import type { Of } from '../types';

export const security: Of<typeof en> = {
  confirmTitle: 'Bekräfta din e-postadress',
  confirmText: (p) =>
    `Vi har skickat en länk till ${p.email}. Med en bekräftad adress kan du välja ett nytt lösenord om du glömmer ditt.`,
  confirmAgain: 'Skicka länken igen',
  confirmLogged: 'Servern körs på din egen dator: utan SMTP_URL står länken i dess logg i stället.',
  confirmSent: 'Länken är på väg. Den gäller i 24 timmar.',
  security: 'Säkerhet',
  changePassword: 'Byt lösenord',
  changeLead: 'Alla dina andra webbläsare loggas ut när du byter.',
  current: 'Nuvarande lösenord',
  next: 'Nytt lösenord',
  nextHint: 'Minst 8 tecken. Några ord som du minns fungerar bra.',
  missing: 'Skriv ditt lösenord.',
  short: 'Ett lösenord behöver minst 8 tecken.',
  wrong: 'Det är inte ditt lösenord.',
  cancel: 'Avbryt',
  changed: 'Lösenordet är bytt. Alla andra webbläsare är utloggade.',
  browsers: 'Här är du inloggad',
  browserOn: (p) => `${p.browser} på ${p.system}`,
  unknownBrowser: 'Okänd webbläsare',
  thisBrowser: 'Den här webbläsaren',
  lastSeen: (p) => `Senast sedd ${p.date}`,
  everywhere: 'Logga ut överallt',
  data: 'Dina data',
  dataText: 'Profil, samtal, foton och poäng i en ZIP-fil. Ingen annans data finns i den.',
  download: 'Ladda ner mina data',
  deleteAccount: 'Radera kontot',
  deleteText: 'Det går inte att ångra. Vill du spara något, ladda ner dina data först.',
  deleteGoes: 'Profilen, alla samtal och foton, poängen och alla inloggningar raderas genast.',
  deletePremium: 'Premium upphör genast, och inget mer dras.',
  deleteStays:
    'För bokföringen måste vi behålla att betalningar har gjorts: deras nummer hos Stripe, tider och abonnemang, utan ditt namn och din adress.',
  deleteBackups: 'Säkerhetskopior skrivs över med tiden; ingen arbetar med dem.',
  deleteForGood: 'Radera för gott',
  deleteRefused:
    'Abonnemanget kunde inte avslutas hos Stripe just nu, så ingenting raderades. Försök igen senare.',
};
