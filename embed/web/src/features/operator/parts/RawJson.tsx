import { CopyButton } from '@/ui/CopyButton';
import { useTexts } from '../texts';
import styles from './RawJson.module.css';

/** A document as it is, to be read and copied. */
export function RawJson({ value }: { value: unknown }) {
  const { t } = useTexts();
  const text = JSON.stringify(value, null, 2);
  return (
    <div className={styles.raw}>
      {/* It scrolls, so the keyboard must reach it. */}
      {/* eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} label={t('copyJson')} />
    </div>
  );
}
