import { Link, useLocation } from '@/lib/router';
import { useI18n } from '@/lib/i18n';
import { SignInForm } from '@/features/auth/SignInForm';
import { Page } from '@/ui/Page';
import styles from './Message.module.css';

/** The sign-in form in the place of a page that needs somebody signed in. */
export default function SignInInPlace() {
  const { t } = useI18n();
  const { pathname, search, state } = useLocation();
  return (
    <Page title={t('app.signInToGoOn')} lead={t('app.signInLead')} className={styles.form}>
      <SignInForm />
      <p className={styles.aside}>
        {t('app.newHere')}{' '}
        <Link to="/register" state={{ from: pathname + search, fromState: state }}>
          {t('app.createAccount')}
        </Link>
      </p>
    </Page>
  );
}
