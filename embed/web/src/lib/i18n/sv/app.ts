import type { app as en } from '../en/app';
import type { Of } from '../types';

export const app: Of<typeof en> = {
  skipLink: 'Hoppa till innehållet',
  mainNavigation: 'Huvudmeny',
  home: 'Hem',
  quickfix: 'QuickFix',
  liveassist: 'LiveAssist',
  account: 'Konto',
  unread: (p) => (p.count === 1 ? '1 oläst svar' : `${p.count} olästa svar`),
  signIn: 'Logga in',
  createAccount: 'Skapa konto',
  reconnecting: 'Återansluter… Det du skriver sparas och skickas så fort anslutningen är tillbaka.',
  offline: 'Du är offline. Vi återansluter när nätverket är tillbaka; det du skriver sparas.',
  notFoundTitle: 'Sidan finns inte',
  notFoundText: 'Det finns inget på den här adressen. Länken kan vara gammal eller felskriven.',
  backHome: 'Till startsidan',
  crashTitle: 'Något gick fel',
  crashText:
    'Sidan slutade fungera. Dina meddelanden är trygga: det som inte har skickats finns kvar på den här enheten.',
  reload: 'Ladda om',
  updateReady: 'En ny version av LiveAssist är klar.',
  later: 'Senare',
  unreachableTitle: 'Servern går inte att nå',
  unreachableText: 'Kontrollera nätverket. Inget av det du har skrivit har gått förlorat.',
  tryAgain: 'Försök igen',
  signInToGoOn: 'Logga in för att fortsätta',
  signInLead: 'Du kommer direkt tillbaka hit.',
  sessionEndedTitle: 'Logga in igen',
  sessionEndedText:
    'Din inloggning har upphört. Allt på sidan finns kvar, och osända meddelanden skickas när du är tillbaka.',
  newHere: 'Ny här?',
  signOutTitle: 'Logga ut?',
  signOutUnsent: (p) =>
    p.count === 1
      ? 'Ett meddelande eller en bild har inte skickats. Det finns kvar på den här enheten till nästa gång du loggar in här.'
      : `${p.count} meddelanden eller bilder har inte skickats. De finns kvar på den här enheten till nästa gång du loggar in här.`,
  signOutAnyway: 'Logga ut',
  stay: 'Fortsätt vara inloggad',
  awardFirstPremium: (p) => `${p.points} poäng för din första gång med Premium!`,
  award: (p) => `Du fick ${p.points} poäng!`,
  photosReleased: (p) =>
    p.count === 1
      ? 'Premium är aktivt. Din bild skickas.'
      : `Premium är aktivt. Dina ${p.count} bilder skickas.`,
};
