import { keep, kept } from '@/lib/kept';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'liveassist.theme';

/** The stored theme; `system` where none was chosen or storage is forbidden. */
export function storedTheme(): Theme {
  const value = kept(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

export function storeTheme(theme: Theme) {
  keep(KEY, theme === 'system' ? null : theme);
}

/** `data-theme` on the root element overrides the system's colours; absent, the system decides. */
export function applyTheme(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
