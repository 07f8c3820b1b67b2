import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { Banner } from './Banner';
import { Button } from './Button';
import { Field } from './Field';
import { Segmented } from './Segmented';

describe('Button', () => {
  it('keeps its name and focus while busy, and does not act', async () => {
    const press = vi.fn();
    renderApp(
      <Button busy onClick={press}>
        Send
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Send' });
    button.focus();
    await userEvent.click(button);
    expect(press).not.toHaveBeenCalled();
    expect(button).toHaveFocus();
    expect(button).toHaveAttribute('aria-busy', 'true');
  });

  it('does not submit its form a second time while busy', async () => {
    const submit = vi.fn((event: SubmitEvent) => event.preventDefault());
    const { container } = renderApp(
      <form>
        <Button type="submit" busy>
          Send
        </Button>
      </form>,
    );
    container.querySelector('form')!.addEventListener('submit', submit);
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(submit).not.toHaveBeenCalled();
  });
});

describe('Field', () => {
  it('is read with its hint, and with its error in the place of the hint', () => {
    const { rerender } = renderApp(<Field label="Email" hint="Where we reach you" />);
    const input = screen.getByRole('textbox', { name: 'Email' });
    expect(input).toHaveAccessibleDescription('Where we reach you');
    expect(input).not.toHaveAttribute('aria-invalid');
    rerender(<Field label="Email" hint="Where we reach you" error="Not complete" />);
    const changed = screen.getByRole('textbox', { name: 'Email' });
    expect(changed).toHaveAccessibleDescription('Not complete');
    expect(changed).toBeInvalid();
  });
});

describe('Segmented', () => {
  it('is a group of radio buttons', async () => {
    const options = [
      { value: 'a', label: 'First' },
      { value: 'b', label: 'Second' },
    ] as const;
    function Example() {
      const [value, set] = useState<'a' | 'b'>('a');
      return <Segmented legend="Order" options={options} value={value} onChange={set} />;
    }
    renderApp(<Example />);
    expect(screen.getByRole('group', { name: 'Order' })).toBeInTheDocument();
    expect(screen.getByRole('radio', { name: 'First' })).toBeChecked();
    await userEvent.click(screen.getByRole('radio', { name: 'Second' }));
    expect(screen.getByRole('radio', { name: 'Second' })).toBeChecked();
    expect(screen.getByRole('radio', { name: 'First' })).not.toBeChecked();
  });
});

describe('Banner', () => {
  it('speaks only when asked to, and goes away on demand', async () => {
    const dismiss = vi.fn();
    renderApp(
      <>
        <Banner title="Quiet" />
        <Banner live="alert" title="Loud" onDismiss={dismiss} />
      </>,
    );
    expect(screen.getByRole('alert')).toHaveTextContent('Loud');
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(dismiss).toHaveBeenCalledOnce();
  });
});
