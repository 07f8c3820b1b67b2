import { queryOptions } from '@tanstack/react-query';
import { api, call } from '@/api';
import { keys } from '@/lib/queries';

/** What Premium costs. */
export const plansQuery = queryOptions({
  queryKey: keys.plans,
  queryFn: () => call(api.GET('/api/billing/plans')),
});
