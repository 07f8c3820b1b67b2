import { Component } from 'react';
import type { ReactNode } from 'react';
import { useI18n } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import styles from './Message.module.css';

interface State {
  crashed: boolean;
}

/** Stands in for a page that threw while it was drawn. React logs the error itself. */
export class CrashBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { crashed: false };

  static getDerivedStateFromError(): State {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <CrashPage /> : this.props.children;
  }
}

function CrashPage() {
  const { t } = useI18n();
  return (
    <main className={styles.message}>
      <h1>{t('app.crashTitle')}</h1>
      <p>{t('app.crashText')}</p>
      <div className={styles.actions}>
        <Button variant="primary" onClick={() => location.reload()}>
          {t('app.reload')}
        </Button>
        {/* A full load, not a link of the router: what crashed may be the router's page. */}
        <Button variant="ghost" onClick={() => location.assign('/')}>
          {t('app.backHome')}
        </Button>
      </div>
    </main>
  );
}
