import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { Link } from '@/lib/router';
import type { LinkProps } from '@/lib/router';
import styles from './Button.module.css';
import { cx } from './cx';
import { Spinner } from './Spinner';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';

interface Look {
  variant?: ButtonVariant | undefined;
  /** `small` is for buttons inside a line of text or a banner; still 36 pixels high. */
  size?: 'normal' | 'small' | undefined;
  /** As wide as its container. */
  block?: boolean | undefined;
  icon?: ReactNode;
}

interface Props extends ComponentProps<'button'>, Look {
  /** Work is under way: the button keeps its name and focus, and a second press does nothing. */
  busy?: boolean | undefined;
}

function look({ variant = 'secondary', size, block }: Look, className?: string) {
  return cx(
    styles.button,
    styles[variant],
    size === 'small' && styles.small,
    block && styles.block,
    className,
  );
}

export function Button({
  variant,
  size,
  block,
  icon,
  busy = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: Props) {
  // `disabled` would drop the focus; a busy button swallows the press instead.
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      {...rest}
      type={type}
      className={look({ variant, size, block }, className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={press}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

/** A link that asks to be pressed: goes to another page, and looks like a button. */
export function ButtonLink({
  variant,
  size,
  block,
  icon,
  className,
  children,
  ...rest
}: Omit<LinkProps, 'className'> & Look & { className?: string }) {
  return (
    <Link {...rest} className={look({ variant, size, block }, className)}>
      {icon}
      {children}
    </Link>
  );
}
