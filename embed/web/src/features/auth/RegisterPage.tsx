import { Link, useLocation } from '@/lib/router';
import { useI18n } from '@/lib/i18n';
import { EntryPage } from './EntryPage';
import { wayBack } from './model';
import { RegisterForm } from './RegisterForm';

export default function RegisterPage() {
  const { t } = useI18n();
  const state: unknown = useLocation().state;
  return (
    <EntryPage
      title={t('auth.createAccount')}
      lead={t('auth.registerLead')}
      other={
        <>
          {t('auth.haveAccount')}{' '}
          <Link to="/login" state={wayBack(state)}>
            {t('auth.signIn')}
          </Link>
        </>
      }
    >
      <RegisterForm />
    </EntryPage>
  );
}
