import type { errors as en } from '../en/errors';
import type { Of } from '../types';

export const errors: Of<typeof en> = {
  network: 'Ingen kontakt med servern. Kontrollera nätverket och försök igen.',
  offline: 'Du är offline. Försök igen när nätverket är tillbaka.',
  unauthenticated: 'Logga in igen.',
  wrongCredentials: 'E-postadressen eller lösenordet stämmer inte.',
  emailTaken: 'Det finns redan ett konto med den här e-postadressen.',
  notFound: 'Det här finns inte längre.',
  forbidden: 'Du får inte göra detta.',
  imageLimit: 'Dagens bilder är slut. Uppgradera för att skicka fler.',
  tooLarge: 'Filen är för stor. Bilder får vara högst 10 MB.',
  mediaType: 'Filen är ingen bild som vi kan läsa. Använd JPEG, PNG, WebP eller GIF.',
  rateLimited: (p) =>
    p.seconds > 90
      ? `För många försök. Försök igen om ${Math.ceil(p.seconds / 60)} minuter.`
      : `För många försök. Försök igen om ${p.seconds} ${p.seconds === 1 ? 'sekund' : 'sekunder'}.`,
  billingUnavailable: 'Betalningar fungerar inte just nu. Inget har dragits.',
  alreadySubscribed: 'Du har redan Premium.',
  server: 'Något gick fel hos oss. Försök igen om en stund.',
};
