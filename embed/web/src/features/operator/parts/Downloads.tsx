import { Download } from 'lucide-react';
import { exportOf } from '../model';
import { useTexts } from '../texts';
import styles from './Downloads.module.css';

interface Props {
  list: 'users' | 'webhooks' | 'audit';
  query: Record<string, string | undefined>;
}

/** The whole list, filtered as it is, as a file. */
export function Downloads({ list, query }: Props) {
  const { t } = useTexts();
  return (
    <p className={styles.downloads}>
      <Download aria-hidden="true" />
      {t('download')}
      <a href={exportOf(list, 'csv', query)} download>
        CSV
      </a>
      <a href={exportOf(list, 'json', query)} download>
        JSON
      </a>
    </p>
  );
}
