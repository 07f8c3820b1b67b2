import { loadTexts, resolveLang, storedChoice } from '@/lib/i18n/language';
import { takeArrival } from '@/lib/payment/arrival';
import { applyTheme, storedTheme } from '@/lib/theme/stored';
import { preloadPage } from '@/app/pages';

// Small on purpose: it runs while the rest of the app is still on its way, and asks at once for
// the language and the page that will be needed.
applyTheme(storedTheme());
// Before the page is chosen: a payment leads back to where it began.
const arrival = takeArrival(window);
const choice = storedChoice();
const lang = resolveLang(choice);
const texts = loadTexts(lang);
preloadPage(location.pathname);

void Promise.all([import('@/app/start'), texts]).then(([{ start }, loaded]) =>
  start({ lang, choice, texts: loaded }, arrival),
);
