import { resolveLang, storedChoice } from '@/lib/i18n/language';
import { beginIn } from '@/lib/i18n/load';
import { takeArrival } from '@/lib/payment/arrival';
import { applyTheme, storedTheme } from '@/lib/theme/stored';
import { preloadPage } from '@/app/pages';

// Small on purpose: it runs while the rest of the app is still on its way, and asks at once for
// the page that will be needed, with its texts.
applyTheme(storedTheme());
// Before the page is chosen: a payment leads back to where it began.
const arrival = takeArrival(window);
const choice = storedChoice();
const lang = resolveLang(choice);
beginIn(lang);
preloadPage(location.pathname);

void import('@/app/start').then(({ start }) => start({ lang, choice }, arrival));
