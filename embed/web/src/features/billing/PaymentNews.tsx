import { useEffect, useRef } from 'react';
import { useLocation } from '@/lib/router';
import { useAuth } from '@/lib/auth';
import { useI18n } from '@/lib/i18n';
import { usePayment } from '@/lib/payment';
import type { Phase } from '@/lib/payment';
import { Banner } from '@/ui/Banner';
import { Button, ButtonLink } from '@/ui/Button';
import { Spinner } from '@/ui/Spinner';
import { usePaymentWatch } from './usePaymentWatch';
import { useWaitingPhotos } from './useWaitingPhotos';

/** Says, on every page, where the payment stands from which the person came back. */
export default function PaymentNews() {
  const { status } = useAuth();
  const { phase } = usePayment();
  usePaymentWatch();
  useForgottenOnNavigation();
  switch (phase) {
    case 'confirming':
      return status === 'signed-out' ? <SignInFirst /> : <Confirming />;
    case 'late':
      return <Late />;
    case 'paid':
      return <Paid />;
    case 'processing':
      return <Ended tone="info" name="processing" />;
    case 'failed':
      return <Ended tone="danger" name="failed" />;
    case 'unknown':
      return <Ended tone="warn" name="unknown" />;
    case 'cancelled':
      return <Cancelled />;
    case 'none':
    case 'abandoned':
      return null;
  }
}

const waits = (phase: Phase) => phase === 'confirming' || phase === 'late';

/** An outcome that was read needs no place on the next page. */
function useForgottenOnNavigation() {
  const { pathname } = useLocation();
  const { phase, move } = usePayment();
  const seenOn = useRef(pathname);
  useEffect(() => {
    if (seenOn.current === pathname) return;
    seenOn.current = pathname;
    if (!waits(phase)) move('none');
  }, [pathname, phase, move]);
}

function Confirming() {
  const { t } = useI18n();
  return (
    <Banner tone="info" icon={<Spinner />} title={t('billing.confirmingTitle')}>
      {t('billing.confirmingText')}
    </Banner>
  );
}

function Late() {
  const { t } = useI18n();
  const { move } = usePayment();
  return (
    <Banner
      tone="warn"
      title={t('billing.lateTitle')}
      action={
        <Button size="small" onClick={() => move('confirming')}>
          {t('billing.checkAgain')}
        </Button>
      }
    >
      {t('billing.lateText')}
    </Banner>
  );
}

function SignInFirst() {
  const { t } = useI18n();
  const { pathname, search } = useLocation();
  return (
    <Banner
      tone="info"
      title={t('billing.signInTitle')}
      action={
        <ButtonLink size="small" variant="primary" to="/login" state={{ from: pathname + search }}>
          {t('billing.signIn')}
        </ButtonLink>
      }
    >
      {t('billing.signInText')}
    </Banner>
  );
}

/** The photo is told of here, whichever tab sends it. */
function Paid() {
  const { t } = useI18n();
  const { photos, move } = usePayment();
  return (
    <Banner tone="success" title={t('billing.paidTitle')} onDismiss={() => move('none')}>
      {photos > 0 ? t('billing.paidPhotos', { count: photos }) : t('billing.paidText')}
    </Banner>
  );
}

interface EndedProps {
  tone: 'info' | 'warn' | 'danger';
  name: 'processing' | 'failed' | 'unknown';
}

function Ended({ tone, name }: EndedProps) {
  const { t } = useI18n();
  const { move } = usePayment();
  const { pathname } = useLocation();
  // Account says the same of these two in its own words.
  if (pathname === '/account' && (name === 'processing' || name === 'failed')) return null;
  return (
    <Banner tone={tone} title={t(`billing.${name}Title`)} onDismiss={() => move('none')}>
      {t(`billing.${name}Text`)}
    </Banner>
  );
}

function Cancelled() {
  const { t } = useI18n();
  const { move, returnTo } = usePayment();
  const photos = useWaitingPhotos();
  const fromConversation = returnTo?.startsWith('/liveassist');
  return (
    <Banner
      tone="info"
      title={t('billing.cancelledTitle')}
      onDismiss={() => move('none')}
      action={
        fromConversation && (
          <ButtonLink size="small" to={returnTo ?? '/liveassist'}>
            {t('billing.backToConversation')}
          </ButtonLink>
        )
      }
    >
      {t('billing.cancelledText')}
      {photos.length > 0 && ` ${t('billing.photoKept')}`}
    </Banner>
  );
}
