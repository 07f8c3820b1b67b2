import { createContext, use, useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { applyTheme, storedTheme, storeTheme } from './stored';
import type { Theme } from './stored';

export type { Theme } from './stored';

interface ThemeValue {
  theme: Theme;
  setTheme: (theme: Theme) => void;
}

const Context = createContext<ThemeValue | null>(null);

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, set] = useState(storedTheme);
  const setTheme = useCallback((next: Theme) => {
    set(next);
    applyTheme(next);
    storeTheme(next);
  }, []);
  const value = useMemo(() => ({ theme, setTheme }), [theme, setTheme]);
  return <Context value={value}>{children}</Context>;
}

export function useTheme(): ThemeValue {
  const value = use(Context);
  if (!value) throw new Error('useTheme: no ThemeProvider above');
  return value;
}
