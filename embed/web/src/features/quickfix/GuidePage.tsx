import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { Link, useParams } from '@/lib/router';
import { ApiError } from '@/api';
import { describe } from '@/lib/errors';
import { guideQuery, guidesQuery } from '@/lib/guides';
import { useI18n } from '@/lib/i18n';
import { Button, ButtonLink } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { NotFoundPicture, OfflinePicture } from '@/ui/illustrations';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { GuideBody } from './GuideBody';
import { GuideFacts } from './GuideFacts';
import styles from './GuidePage.module.css';

/** One guide. Title and summary are there at once when the list is known. */
export default function GuidePage() {
  const { t, lang } = useI18n();
  const { slug = '' } = useParams();
  const guide = useQuery(guideQuery(lang, slug));
  const list = useQuery({ ...guidesQuery(lang), enabled: false });
  const summary = guide.data ?? list.data?.find((g) => g.slug === slug);
  if (guide.isError && !guide.data) return <Failed error={guide.error} retry={guide.refetch} />;
  return (
    <Page
      title={summary?.title ?? t('quickfix.title')}
      lead={summary?.summary}
      before={<Back />}
      facts={summary && <GuideFacts guide={summary} />}
      wide
    >
      {guide.data ? <GuideBody key={slug} guide={guide.data} /> : <Skeleton lines={8} />}
    </Page>
  );
}

function Back() {
  const { t } = useI18n();
  return (
    <Link to="/quickfix" className={styles.back} data-print="no">
      <ArrowLeft aria-hidden="true" />
      {t('quickfix.back')}
    </Link>
  );
}

interface FailedProps {
  error: Error;
  retry: () => unknown;
}

function Failed({ error, retry }: FailedProps) {
  const { t } = useI18n();
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Page title={t('quickfix.unknownTitle')} before={<Back />}>
        <EmptyState
          picture={<NotFoundPicture />}
          action={
            <ButtonLink variant="primary" to="/quickfix">
              {t('quickfix.back')}
            </ButtonLink>
          }
        >
          {describe(error, t)}
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={t('quickfix.failedTitle')} before={<Back />}>
      <EmptyState
        picture={<OfflinePicture />}
        action={<Button onClick={() => void retry()}>{t('ui.retry')}</Button>}
      >
        {describe(error, t)}
      </EmptyState>
    </Page>
  );
}
