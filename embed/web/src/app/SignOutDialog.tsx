import { useI18n } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';

interface Props {
  unsent: number;
  onAnswer: (go: boolean) => void;
}

/** Says what was not sent yet, before signing out. */
export default function SignOutDialog({ unsent, onAnswer }: Props) {
  const { t } = useI18n();
  return (
    <Dialog
      open
      onClose={() => onAnswer(false)}
      title={t('app.signOutTitle')}
      footer={
        <>
          <Button variant="primary" onClick={() => onAnswer(false)}>
            {t('app.stay')}
          </Button>
          <Button variant="danger" onClick={() => onAnswer(true)}>
            {t('app.signOutAnyway')}
          </Button>
        </>
      }
    >
      <p>{t('app.signOutUnsent', { count: unsent })}</p>
    </Dialog>
  );
}
