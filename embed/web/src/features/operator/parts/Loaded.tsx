import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { describe } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { LoadFailed } from '@/ui/LoadFailed';
import { Skeleton } from '@/ui/Skeleton';

interface Props<T> {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

/** One thing that is read: on its way, there, or why it is not. */
export function Loaded<T>({ query, children }: Props<T>) {
  const { t } = useI18n();
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return <LoadFailed onRetry={() => void query.refetch()}>{describe(query.error, t)}</LoadFailed>;
  }
  return <Skeleton lines={8} />;
}
