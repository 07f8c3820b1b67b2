import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aUser } from '@/testing/data';
import { renderApp } from '@/testing/render';
import { server } from '@/testing/server';
import PortalButton from './PortalButton';

let assigned: string[];
beforeEach(() => {
  assigned = [];
  vi.spyOn(window.location, 'assign').mockImplementation((url) => void assigned.push(String(url)));
});

describe('PortalButton', () => {
  it('leads to the portal once, and can be pressed again after Back', async () => {
    let asked = 0;
    server.use(
      http.get('*/api/users/me', () => HttpResponse.json(aUser())),
      http.post('*/api/billing/portal', () => {
        asked++;
        return HttpResponse.json({ url: 'https://portal.example/' });
      }),
    );
    renderApp(<PortalButton purpose="manage" />, { user: aUser() });
    const button = screen.getByRole('button', { name: 'Manage subscription' });
    // Twice before anything is drawn anew.
    act(() => {
      fireEvent.click(button);
      fireEvent.click(button);
    });
    await waitFor(() => expect(assigned).toEqual(['https://portal.example/']));
    expect(asked).toBe(1);
    expect(button).toHaveAttribute('aria-busy', 'true');
    act(() => void dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })));
    expect(button).not.toHaveAttribute('aria-busy');
  });

  it('says why it does not open', async () => {
    server.use(
      http.post('*/api/billing/portal', () =>
        HttpResponse.json({ error: 'billing_unavailable', message: 'No.' }, { status: 503 }),
      ),
    );
    renderApp(<PortalButton purpose="updateCard" />, { user: aUser() });
    await userEvent.click(screen.getByRole('button', { name: 'Update card' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Payments are not available');
    expect(screen.getByRole('button', { name: 'Update card' })).not.toHaveAttribute('aria-busy');
  });
});
