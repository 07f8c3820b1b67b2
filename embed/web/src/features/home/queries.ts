import { queryOptions } from '@tanstack/react-query';
import { api, call } from '@/api';
import { keys } from '@/lib/queries';

/** The person's conversations, the latest first. */
export const sessionsQuery = queryOptions({
  queryKey: keys.sessions,
  queryFn: () => call(api.GET('/api/liveassist/sessions')),
});

/** What Premium costs. */
export const plansQuery = queryOptions({
  queryKey: keys.plans,
  queryFn: () => call(api.GET('/api/billing/plans')),
});
