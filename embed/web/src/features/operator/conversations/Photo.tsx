import { useState } from 'react';
import type { CSSProperties } from 'react';
import type { Message } from '@/api';
import { Dialog } from '@/ui/Dialog';
import { useTexts } from '../texts';
import styles from './Photo.module.css';

interface Props {
  image: NonNullable<Message['image']>;
  text: string;
}

/** A person's photo, small; a press shows it in full. Its room is kept before it has loaded. */
export function Photo({ image, text }: Props) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  const alt = text || t('photo');
  if (failed) {
    return <p className={styles.missing}>{t('photoMissing')}</p>;
  }
  return (
    <>
      <button
        type="button"
        className={styles.photo}
        style={{ '--ratio': image.width / image.height } as CSSProperties}
        aria-label={`${t('openPhoto')}${text ? `: ${text}` : ''}`}
        onClick={() => setOpen(true)}
      >
        <img
          src={`${image.url}?preview=1`}
          alt={alt}
          width={image.width}
          height={image.height}
          loading="lazy"
          decoding="async"
          onError={() => setFailed(true)}
        />
      </button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t('photo')} wide>
        <a href={image.url} target="_blank" rel="noreferrer" title={t('fullSize')}>
          <img className={styles.full} src={image.url} alt={alt} />
        </a>
      </Dialog>
    </>
  );
}
