import { ApiError } from '@/api';
import type { Translate } from '@/lib/i18n';

/** Error kinds become words here and nowhere else. */
export function describe(error: unknown, t: Translate): string {
  if (!(error instanceof ApiError)) return t('errors.server');
  switch (error.kind) {
    case 'network':
      return navigator.onLine ? t('errors.network') : t('errors.offline');
    case 'unauthenticated':
      return t('errors.unauthenticated');
    case 'email_taken':
      return t('errors.emailTaken');
    case 'not_found':
      return t('errors.notFound');
    case 'forbidden':
      return t('errors.forbidden');
    case 'limit_exceeded':
      return t('errors.imageLimit');
    case 'too_large':
      return t('errors.tooLarge');
    case 'unsupported_media_type':
      return t('errors.mediaType');
    case 'rate_limited':
      return t('errors.rateLimited', { seconds: error.retryAfter ?? 60 });
    case 'billing_unavailable':
      return t('errors.billingUnavailable');
    case 'already_subscribed':
      return t('errors.alreadySubscribed');
    case 'mail_unavailable':
    case 'invalid_request':
    case 'invalid_signature':
    case 'method_not_allowed':
    case 'conflict':
      // The server's own sentence names the field that it refuses.
      return error.message;
    case 'processing_error':
    case 'internal_error':
    case 'unexpected':
      return t('errors.server');
  }
}
