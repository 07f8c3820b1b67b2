import { Skeleton } from '@/ui/Skeleton';
import styles from './Waiting.module.css';

/** A page that is on its way, in the shape that most pages have. */
export function Waiting() {
  return (
    <div className={styles.waiting}>
      <Skeleton lines={6} />
    </div>
  );
}
