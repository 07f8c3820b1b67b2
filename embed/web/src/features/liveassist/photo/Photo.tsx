import { ImageOff } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { CSSProperties } from 'react';
import type { Message } from '@/api';
import { useI18n } from '@/lib/i18n';
import type { Picture } from '@/lib/outbox';
import styles from './Photo.module.css';
import { knownUrl, localUrl } from './urls';

const Viewer = lazy(() => import('./PhotoViewer'));

interface Props {
  id: string;
  image: Message['image'];
  /** The photo itself, while it is on its way. */
  file: Picture | null;
  text: string;
}

/** A photo in the conversation: its room is kept before it loads; a press shows it in full. */
export function Photo({ id, image, file, text }: Props) {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  const size = image ?? file;
  const local = file ? localUrl(id, file.blob) : knownUrl(id);
  const src = local ?? (image ? `${image.url}?preview=1` : undefined);
  const alt = text || t('liveassist.photo');
  if (!size || !src) return null;
  const ratio = size.width / size.height;
  if (failed) {
    return (
      <p className={styles.missing}>
        <ImageOff aria-hidden="true" />
        {t('liveassist.photoMissing')}
      </p>
    );
  }
  return (
    <>
      <button
        type="button"
        className={styles.photo}
        style={{ '--ratio': ratio } as CSSProperties}
        onClick={() => setOpen(true)}
        aria-label={`${t('liveassist.openPhoto')}${text ? `: ${text}` : ''}`}
      >
        <img
          src={src}
          alt={alt}
          width={size.width}
          height={size.height}
          loading="lazy"
          decoding="async"
          onError={() => setFailed(true)}
        />
      </button>
      {open && (
        <Suspense fallback={null}>
          <Viewer src={local ?? image?.url ?? src} alt={alt} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
