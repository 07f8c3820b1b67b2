import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { SignInForm } from '@/features/auth/SignInForm';
import { Dialog } from '@/ui/Dialog';

/**
 * The sign-in ended while the page was open. The page stays as it is, with all that was typed, and
 * the form comes over it; closing it is signing out.
 */
export default function SessionEndedDialog() {
  const { t } = useI18n();
  const { user, leave } = useAuth();
  return (
    <Dialog open onClose={leave} title={t('app.sessionEndedTitle')}>
      <p>{t('app.sessionEndedText')}</p>
      <SignInForm email={user?.email} />
    </Dialog>
  );
}
