import { queryOptions } from '@tanstack/react-query';
import { api, call } from '@/api';
import { keys } from '@/lib/queries';

/** Points, level and history of the signed-in person; live events ask anew. */
export const xpQuery = queryOptions({
  queryKey: keys.xp,
  queryFn: () => call(api.GET('/api/xp')),
});
