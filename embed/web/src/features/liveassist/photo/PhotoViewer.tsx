import { X } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useI18n } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import styles from './Photo.module.css';

interface Props {
  src: string;
  alt: string;
  onClose: () => void;
}

/** A photo over the whole window; Escape, the button, or a press anywhere closes it. */
export default function PhotoViewer({ src, alt, onClose }: Props) {
  const { t } = useI18n();
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // The keyboard's way is Escape and the button; a press anywhere is an extra.
    // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      className={styles.viewer}
      aria-label={t('liveassist.photo')}
      onClose={onClose}
      onClick={onClose}
    >
      <img src={src} alt={alt} />
      <IconButton
        className={styles.close}
        label={t('liveassist.closePhoto')}
        icon={<X aria-hidden="true" />}
        onClick={onClose}
      />
    </dialog>
  );
}
