import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { useI18n } from '@/lib/i18n';
import type { Tone } from './Banner';
import { cx } from './cx';
import { IconButton } from './IconButton';
import styles from './Toasts.module.css';

export interface ToastItem {
  id: string | number;
  text: string;
  tone?: Tone | undefined;
}

interface Props<Item extends ToastItem> {
  toasts: readonly Item[];
  onDismiss: (id: Item['id']) => void;
}

const icons = { info: Info, success: CircleCheck, warn: TriangleAlert, danger: CircleAlert };

/** Short news, said politely. The region is always there, or screen readers would miss the first. */
export function Toasts<Item extends ToastItem>({ toasts, onDismiss }: Props<Item>) {
  const { t } = useI18n();
  return (
    <div className={styles.region} role="status" data-print="no">
      {toasts.map(({ id, text, tone = 'info' }) => {
        const Icon = icons[tone];
        return (
          <div key={id} className={cx(styles.toast, styles[tone])}>
            <Icon aria-hidden="true" />
            <p>{text}</p>
            <IconButton
              label={t('ui.dismiss')}
              icon={<X aria-hidden="true" />}
              onClick={() => onDismiss(id)}
            />
          </div>
        );
      })}
    </div>
  );
}
