import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { Dialog } from './Dialog';

function Example({ onClose }: { onClose?: () => void }) {
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    onClose?.();
  };
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      <Dialog open={open} onClose={close} title="Upgrade">
        <button type="button">Inside</button>
      </Dialog>
    </>
  );
}

describe('Dialog', () => {
  it('is a modal named by its title, and gone when closed', async () => {
    const show = vi.spyOn(HTMLDialogElement.prototype, 'showModal');
    renderApp(<Example />);
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Open' }));
    expect(screen.getByRole('dialog', { name: 'Upgrade' })).toHaveAttribute('open');
    expect(show).toHaveBeenCalledOnce();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('leaves the decision to its owner on Escape', async () => {
    const onClose = vi.fn();
    renderApp(<Example onClose={onClose} />);
    await userEvent.click(screen.getByRole('button', { name: 'Open' }));
    // What the browser sends on Escape.
    const cancelled = fireEvent(
      screen.getByRole('dialog'),
      new Event('cancel', { cancelable: true }),
    );
    expect(cancelled).toBe(false);
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('closes on a press beside it, not on one that began inside', async () => {
    const onClose = vi.fn();
    renderApp(<Example onClose={onClose} />);
    await userEvent.click(screen.getByRole('button', { name: 'Open' }));
    const dialog = screen.getByRole('dialog');
    fireEvent.mouseDown(screen.getByRole('button', { name: 'Inside' }));
    fireEvent.click(dialog);
    expect(onClose).not.toHaveBeenCalled();
    fireEvent.mouseDown(dialog);
    fireEvent.click(dialog);
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('can show other words than its name', () => {
    renderApp(
      <Dialog open onClose={vi.fn()} title="Upgrade" heading="Send as many photos as you like">
        text
      </Dialog>,
    );
    expect(screen.getByRole('dialog', { name: 'Upgrade' })).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: /as many photos/ })).toBeInTheDocument();
  });
});
