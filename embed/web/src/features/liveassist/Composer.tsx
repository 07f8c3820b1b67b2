import { Camera, ImagePlus, SendHorizontal } from 'lucide-react';
import { lazy, Suspense, useId, useLayoutEffect } from 'react';
import type { ChangeEvent, ClipboardEvent, KeyboardEvent, SubmitEvent } from 'react';
import { useI18n } from '@/lib/i18n';
import { useMedia } from '@/lib/media';
import { Banner } from '@/ui/Banner';
import { IconButton } from '@/ui/IconButton';
import styles from './Composer.module.css';
import { AllowanceLine } from './photo/AllowanceLine';
import { PickButton } from './photo/PickButton';
import type { usePhotos } from './photo/usePhotos';
import { lengthOf, LONGEST_TEXT } from './useComposer';
import type { ComposerState } from './useComposer';

/** Fetched with the page (usePhotos), before the first photo is picked. */
const Tray = lazy(() => import('./photo/Tray'));

interface Props {
  composer: ComposerState;
  photos: ReturnType<typeof usePhotos>;
  /** At each key. */
  onTyping: () => void;
}

/** Where messages are written and photos are added. */
export function Composer({ composer, photos, onTyping }: Props) {
  const { t } = useI18n();
  const { text, setText, tray, preparing, over, canSend, send, field } = composer;
  const hintId = useId();
  // The main pointer is a finger.
  const touch = useMedia('(pointer: coarse)');
  useGrowth(composer);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    // On touch keyboards Enter makes a line; with Ctrl or Cmd it always sends.
    if (touch && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  };

  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files].filter((f) => f.type.startsWith('image/'));
    if (files.length === 0) return;
    event.preventDefault();
    photos.add(files);
  };

  return (
    <form className={styles.composer} onSubmit={submit}>
      {photos.bad && (
        <Banner tone="warn" live="alert" onDismiss={photos.dismissBad}>
          {t(`liveassist.${photos.bad.problem}`, { name: photos.bad.name })}
        </Banner>
      )}
      {(tray.length > 0 || preparing > 0) && (
        <Suspense fallback={null}>
          <Tray rows={tray} preparing={preparing} />
        </Suspense>
      )}
      <div className={styles.box}>
        <PickButton
          label={t('liveassist.addImage')}
          icon={<ImagePlus aria-hidden="true" />}
          onFiles={photos.add}
          multiple
        />
        {touch && (
          <PickButton
            label={t('liveassist.takePhoto')}
            icon={<Camera aria-hidden="true" />}
            onFiles={photos.add}
            capture
          />
        )}
        <textarea
          ref={field}
          rows={1}
          className={styles.field}
          aria-label={t('liveassist.message')}
          aria-describedby={over > 0 ? hintId : undefined}
          aria-invalid={over > 0 || undefined}
          placeholder={t(
            tray.some((r) => r.state === 'draft')
              ? 'liveassist.captionPlaceholder'
              : 'liveassist.placeholder',
          )}
          value={text}
          onChange={(event: ChangeEvent<HTMLTextAreaElement>) => {
            setText(event.target.value);
            if (event.target.value) onTyping();
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          enterKeyHint={touch ? 'enter' : 'send'}
        />
        <IconButton
          type="submit"
          filled
          label={t('liveassist.send')}
          icon={<SendHorizontal aria-hidden="true" />}
          disabled={!canSend}
          // The keyboard of a phone stays up: the press does not take the focus from the text.
          onPointerDown={(event) => event.preventDefault()}
        />
      </div>
      <div className={styles.foot}>
        <AllowanceLine tray={tray} />
        {over > 0 && (
          <p id={hintId} className={styles.over}>
            {t('liveassist.tooLong', { over })}
          </p>
        )}
        {over === 0 && text.length > LONGEST_TEXT * 0.9 && (
          <p className={styles.count}>
            {lengthOf(text)} / {LONGEST_TEXT}
          </p>
        )}
      </div>
    </form>
  );
}

/** The field is as high as its text, up to the limit that the styles set. */
function useGrowth({ field, text }: ComposerState) {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [field, text]);
}
