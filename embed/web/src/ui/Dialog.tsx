import { X } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import type { MouseEvent, ReactNode, SyntheticEvent } from 'react';
import { useI18n } from '@/lib/i18n';
import { cx } from './cx';
import styles from './Dialog.module.css';
import { IconButton } from './IconButton';

interface Props {
  open: boolean;
  /** Escape, the close button or a press beside the dialog. */
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons, the main one first. */
  footer?: ReactNode;
  /** Words shown as the heading in place of the title, which stays the dialog's name. */
  heading?: ReactNode;
  wide?: boolean | undefined;
}

/** A native modal dialog: the browser keeps the focus inside and gives it back afterwards. */
export function Dialog(props: Props) {
  return props.open ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ onClose, title, children, footer, heading, wide }: Props) {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });

  // Closed before it leaves the page: only then the focus returns to where it was.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);

  const cancel = (event: SyntheticEvent) => {
    if (event.target !== ref.current) return;
    event.preventDefault();
    close.current();
  };
  // Pressed and released beside it: a text selection that ends outside does not close.
  const pressedBeside = useRef(false);
  const beside = (event: MouseEvent) => event.target === ref.current;

  return (
    // The keyboard's way is Escape and the close button; the press beside is an extra.
    // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      className={cx(styles.dialog, wide && styles.wide)}
      aria-label={heading ? title : undefined}
      aria-labelledby={heading ? undefined : id}
      onCancel={cancel}
      onMouseDown={(event) => (pressedBeside.current = beside(event))}
      onClick={(event) => pressedBeside.current && beside(event) && close.current()}
    >
      <div className={styles.body}>
        <h2 id={id} className={styles.title}>
          {heading ?? title}
        </h2>
        {children}
        {footer && <div className={styles.footer}>{footer}</div>}
        <CloseButton onClose={onClose} />
      </div>
    </dialog>
  );
}

/** Last in the order of focus, so that a dialog begins with its first field or choice. */
function CloseButton({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  return (
    <IconButton
      label={t('ui.close')}
      icon={<X aria-hidden="true" />}
      className={styles.close}
      onClick={onClose}
    />
  );
}
