import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from '@/lib/router';

/**
 * The secret of a link from a mail. It is taken out of the address at once, so that it stays
 * neither in the history nor in a screenshot, and goes along to no other page.
 */
export function useLinkToken(): string {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const [token] = useState(() => new URLSearchParams(search).get('token') ?? '');
  useEffect(() => {
    if (search) navigate(pathname, { replace: true });
  }, [navigate, pathname, search]);
  return token;
}
