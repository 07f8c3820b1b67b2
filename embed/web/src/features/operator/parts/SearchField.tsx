import { useEffect, useState } from 'react';
import { Field } from '@/ui/Field';
import { useSettled } from './useSettled';

interface Props {
  label: string;
  hint?: string;
  /** What the address says. */
  value: string;
  onChange: (value: string) => void;
}

/** A filter that is typed: the address follows when the typing pauses. */
export function SearchField({ label, hint, value, onChange }: Props) {
  const [text, setText] = useState(value);
  const settled = useSettled(text.trim());
  // Back and forward change the address without a key.
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    if (value !== text.trim()) setText(value);
  }
  useEffect(() => {
    if (settled !== value) onChange(settled);
    // Only what was typed leads to a change, not what the address became.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  return (
    <Field
      type="search"
      label={label}
      hint={hint}
      value={text}
      maxLength={254}
      onChange={(event) => setText(event.target.value)}
      spellCheck={false}
      autoCapitalize="none"
    />
  );
}
