import { Inbox } from 'lucide-react';
import { useI18n } from '@/lib/i18n';
import type { Lang } from '@/lib/i18n';
import { NavLink } from '@/lib/router';

/** One word, so that the link need not wait for the texts of the pages behind it. */
const NAME: Record<Lang, string> = { en: 'Operator', sv: 'Operatör' };

/** The way to the operator's pages, in the main navigation of operators. */
export default function OperatorLink({ className }: { className: string }) {
  const { lang } = useI18n();
  return (
    <NavLink to="/operator" className={className}>
      <Inbox aria-hidden="true" />
      <span>{NAME[lang]}</span>
    </NavLink>
  );
}
