import { createContext, use } from 'react';

export type ToastTone = 'info' | 'success' | 'warn' | 'danger';

/** Says something once, politely, in the corner of the screen and to screen readers. */
export type ShowToast = (text: string, options?: { tone?: ToastTone }) => void;

export const ToastContext = createContext<ShowToast | null>(null);

export function useToast(): ShowToast {
  const show = use(ToastContext);
  if (!show) throw new Error('useToast: no ToastContext above');
  return show;
}
