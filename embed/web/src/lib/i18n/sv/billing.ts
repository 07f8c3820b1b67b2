import type { billing as en } from '../en/billing';
import type { Of } from '../types';

export const billing: Of<typeof en> = {
  upgrade: 'Uppgradera',
  heading: 'Så många foton du vill',
  headingPhoto: (p) =>
    p.count > 1 ? 'Skicka dina foton med Premium' : 'Skicka det här fotot med Premium',
  photoReady: (p) =>
    p.count > 1
      ? `Dina ${p.count} foton är klara och skickas direkt efteråt.`
      : 'Ditt foto är klart och skickas direkt efteråt.',
  photoPreparing: 'Ditt foto förbereds.',
  photoKept: 'Ditt foto är sparat.',
  plan: 'Abonnemang',
  monthly: 'Månadsvis',
  yearly: 'Årsvis',
  aMonth: (p) => `${p.price} i månaden`,
  aYear: (p) => `${p.price} om året`,
  saves: (p) => `Sparar ${p.amount} (${p.percent} %)`,
  loadingPrices: 'Hämtar priser',
  pricesFailed: 'Priserna kunde inte hämtas. Du ser priset på betalningssidan innan något dras.',
  tryAgain: 'Försök igen',
  benefitPhotos: 'Foton utan daglig gräns',
  benefitAll: 'Allt som är gratis ingår',
  benefitCancel: 'Avsluta när du vill; betald tid är din',
  renews: 'Förnyas av sig självt tills du avslutar.',
  freeAt: (p) =>
    p.limit === 1
      ? `Eller vänta: ett nytt gratis foto kommer klockan ${p.time}.`
      : `Eller vänta: ${p.limit} nya gratis foton kommer klockan ${p.time}.`,
  sandbox: 'Sandlåda: betalningen är bara på låtsas, inga pengar dras.',
  unavailableTitle: 'Det går inte att betala just nu',
  unavailableText: 'Inget har dragits. Försök igen senare.',
  upgradeNow: 'Uppgradera nu',
  notNow: 'Inte nu',
  close: 'Stäng',
  opening: 'Öppnar betalningssidan…',
  pendingHeading: 'Din betalning är på väg',
  pendingText:
    'Premium startar av sig självt så fort betalningen är bekräftad. Du behöver inte betala något mer.',
  confirmingTitle: 'Bekräftar din betalning…',
  confirmingText: 'Det tar några sekunder. Premium startar av sig självt.',
  lateTitle: 'Det här tar längre tid än vanligt. Du debiteras inte två gånger.',
  lateText:
    'Premium startar av sig självt när betalningen är bekräftad. Du kan fortsätta så länge.',
  checkAgain: 'Kontrollera igen',
  signInTitle: 'Logga in för att se ditt Premium',
  signInText:
    'Din inloggning tog slut medan du var på betalningssidan. Betalningen är inte förlorad.',
  signIn: 'Logga in',
  paidTitle: 'Premium är aktivt',
  paidText: 'Tack! Skicka så många foton du vill.',
  paidPhotos: (p) =>
    p.count > 1 ? `Tack! Dina ${p.count} foton skickas.` : 'Tack! Ditt foto skickas.',
  processingTitle: 'Din betalning är på väg',
  processingText:
    'Vissa banker behöver några dagar. Premium startar av sig självt; betala inte två gånger.',
  failedTitle: 'Betalningen gick inte igenom',
  failedText: 'Inget har dragits. Du kan försöka igen med ett annat betalsätt.',
  unknownTitle: 'Vi hittar inte betalningen i ditt konto',
  unknownText:
    'Om du betalade inloggad med en annan e-postadress loggar du in med den. Du debiteras inte två gånger.',
  cancelledTitle: 'Inget har dragits',
  cancelledText: 'Du lämnade betalningssidan. Premium finns kvar när du vill ha det.',
  backToConversation: 'Tillbaka till ditt samtal',
  manage: 'Hantera abonnemang',
  updateCard: 'Uppdatera kort',
};
