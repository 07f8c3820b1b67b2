import { useI18n } from '@/lib/i18n';
import { useTheme } from '@/lib/theme';
import { Card } from '@/ui/Card';
import { Segmented } from '@/ui/Segmented';

/** Language and colours; both take effect at once and stay on this device. */
export function PreferencesCard() {
  const { t, choice, setLang } = useI18n();
  const { theme, setTheme } = useTheme();
  return (
    <Card title={t('account.preferences')}>
      <Segmented
        legend={t('account.language')}
        value={choice}
        onChange={setLang}
        options={[
          { value: 'browser', label: t('account.langBrowser') },
          // A language is named in itself, to be found by who reads no other.
          { value: 'en', label: 'English' },
          { value: 'sv', label: 'Svenska' },
        ]}
      />
      <Segmented
        legend={t('account.theme')}
        value={theme}
        onChange={setTheme}
        options={[
          { value: 'system', label: t('account.themeSystem') },
          { value: 'light', label: t('account.themeLight') },
          { value: 'dark', label: t('account.themeDark') },
        ]}
      />
    </Card>
  );
}
