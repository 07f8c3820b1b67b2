import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useI18n } from '@/lib/i18n';
import styles from './Banner.module.css';
import { cx } from './cx';
import { IconButton } from './IconButton';

export type Tone = 'info' | 'success' | 'warn' | 'danger';

interface Props {
  tone?: Tone | undefined;
  title?: string | undefined;
  children?: ReactNode;
  action?: ReactNode;
  /** Said when it appears: politely, or at once. Without it, it is part of the page. */
  live?: 'status' | 'alert' | undefined;
  onDismiss?: (() => void) | undefined;
  icon?: ReactNode;
  className?: string | undefined;
}

const icons = { info: Info, success: CircleCheck, warn: TriangleAlert, danger: CircleAlert };

/** Something to know about the whole page or card, with what to do about it. */
export function Banner({
  tone = 'info',
  title,
  children,
  action,
  live,
  onDismiss,
  icon,
  className,
}: Props) {
  const { t } = useI18n();
  const Icon = icons[tone];
  return (
    <div className={cx(styles.banner, styles[tone], className)} role={live}>
      <span className={styles.icon}>{icon ?? <Icon aria-hidden="true" />}</span>
      <div className={styles.words}>
        {title && <p className={styles.title}>{title}</p>}
        {children && <div>{children}</div>}
      </div>
      {action && <div className={styles.action}>{action}</div>}
      {onDismiss && (
        <IconButton
          label={t('ui.dismiss')}
          icon={<X aria-hidden="true" />}
          onClick={onDismiss}
          className={styles.dismiss}
        />
      )}
    </div>
  );
}
