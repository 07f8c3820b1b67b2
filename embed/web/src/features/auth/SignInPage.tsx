import { Link, useLocation } from '@/lib/router';
import { useI18n } from '@/lib/i18n';
import { EntryPage } from './EntryPage';
import { carriedEmail, wayBack } from './model';
import { SignInForm } from './SignInForm';

export default function SignInPage() {
  const { t } = useI18n();
  const state: unknown = useLocation().state;
  return (
    <EntryPage
      title={t('auth.signIn')}
      lead={t('auth.signInLead')}
      other={
        <>
          {t('auth.noAccount')}{' '}
          <Link to="/register" state={wayBack(state)}>
            {t('auth.createOne')}
          </Link>
        </>
      }
    >
      <SignInForm email={carriedEmail(state)} />
    </EntryPage>
  );
}
