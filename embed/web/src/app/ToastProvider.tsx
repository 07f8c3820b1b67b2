import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ToastContext } from '@/lib/toast';
import type { ShowToast, ToastTone } from '@/lib/toast';
import { Toasts } from '@/ui/Toasts';

/** Milliseconds that a toast stays: 4 s, and more for longer texts. */
const stay = (text: string) => 4_000 + text.length * 50;

interface Item {
  id: number;
  text: string;
  tone: ToastTone;
}

/** Shows short news, each for a while, the same text not twice at once. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<readonly Item[]>([]);
  const next = useRef(0);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());

  const dismiss = useCallback(
    (id: number) => setItems((all) => all.filter((i) => i.id !== id)),
    [],
  );

  const show = useCallback<ShowToast>(
    (text, options) => {
      const item: Item = { id: next.current++, text, tone: options?.tone ?? 'info' };
      setItems((all) => [...all.filter((i) => i.text !== text), item]);
      const timer = setTimeout(() => {
        timers.current.delete(timer);
        dismiss(item.id);
      }, stay(text));
      timers.current.add(timer);
    },
    [dismiss],
  );

  useEffect(() => {
    const pending = timers.current;
    return () => pending.forEach(clearTimeout);
  }, []);

  return (
    <ToastContext value={show}>
      {children}
      <Toasts toasts={items} onDismiss={dismiss} />
    </ToastContext>
  );
}
