import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import type { User, XP } from '@/api';
import { useAuth } from '@/lib/auth';
import { useUpgrade } from '@/lib/upgrade';
import { aUser } from '@/testing/data';
import { renderApp } from '@/testing/render';
import { server } from '@/testing/server';
import AccountPage from './AccountPage';

const none: XP = { total: 0, level: 1, level_start: 0, next_level_at: 100, events: [] };
const paid = (part: Partial<User> = {}) =>
  aUser({
    subscription_status: 'paid',
    subscription_expiry: '2099-12-24T12:00:00.000Z',
    subscription_plan: 'month',
    image_limit: null,
    ...part,
  });
const plan = () => within(screen.getByRole('region', { name: 'Plan' }));

beforeEach(() => {
  server.use(http.get('*/api/xp', () => HttpResponse.json(none)));
});

describe('AccountPage', () => {
  it('shows a free plan with what is left and when it comes back', () => {
    renderApp(<AccountPage />, { user: aUser({ image_counter: 1 }) });
    expect(screen.getByTestId('subscription-status')).toHaveTextContent(/^Free$/);
    expect(plan().getByText('1 of 2')).toBeInTheDocument();
    expect(plan().getByText(/^New free photos at \d\d:\d\d\.$/)).toBeInTheDocument();
  });

  it('shows when Premium renews', () => {
    renderApp(<AccountPage manage={<button type="button">Manage</button>} />, { user: paid() });
    expect(screen.getByTestId('subscription-status')).toHaveTextContent(/^Premium$/);
    expect(plan().getByText('Billed monthly. Renews on 24 December 2099.')).toBeInTheDocument();
    expect(plan().getByRole('button', { name: 'Manage' })).toBeInTheDocument();
    expect(plan().queryByRole('button', { name: 'Upgrade' })).not.toBeInTheDocument();
  });

  it('shows when Premium ends', () => {
    renderApp(<AccountPage />, { user: paid({ subscription_cancels: true }) });
    expect(plan().getByText(/^Ends on 24 December 2099\./)).toBeInTheDocument();
  });

  it('shows that Premium ended', () => {
    renderApp(<AccountPage />, { user: aUser({ subscription_expiry: '2020-01-31T12:00:00Z' }) });
    expect(plan().getByText(/^Premium ended on 31 January 2020\./)).toBeInTheDocument();
  });

  it('opens the offer where billing brings no button of its own', async () => {
    function Offered() {
      return <p>{`offered: ${useUpgrade().request?.reason ?? 'nothing'}`}</p>;
    }
    const page = (
      <>
        <AccountPage />
        <Offered />
      </>
    );
    renderApp(page, { user: aUser() });
    await userEvent.click(screen.getByRole('button', { name: 'Upgrade' }));
    expect(screen.getByText('offered: account')).toBeInTheDocument();
  });

  it.each([
    [paid({ subscription_past_due: true }), 'The last payment did not go through'],
    [aUser({ subscription_payment: 'processing' }), 'Your payment is on its way'],
    [aUser({ subscription_payment: 'failed' }), 'The payment did not go through'],
  ])('tells of trouble with a payment', (user, title) => {
    renderApp(<AccountPage updateCard={<button type="button">Update card</button>} />, { user });
    expect(screen.getByText(title)).toBeInTheDocument();
    const update = screen.queryByRole('button', { name: 'Update card' });
    expect(update !== null).toBe(user.subscription_past_due);
  });

  it('tells how to earn points when there are none', async () => {
    renderApp(<AccountPage />, { user: aUser() });
    expect(await screen.findByText('How to earn points')).toBeInTheDocument();
    expect(screen.getByText('100 points to level 2')).toBeInTheDocument();
  });

  it('tells in words where points came from', async () => {
    const event = { userId: aUser().id, amount: 250, ts: '2026-11-24T12:00:00.000Z' };
    const xp: XP = {
      total: 260,
      level: 2,
      level_start: 100,
      next_level_at: 300,
      events: [
        { ...event, reason: 'first_premium' },
        { ...event, amount: 10, reason: 'something_new' },
      ],
    };
    server.use(http.get('*/api/xp', () => HttpResponse.json(xp)));
    renderApp(<AccountPage />, { user: aUser() });
    const items = (await screen.findAllByRole('listitem')).map((i) => i.textContent);
    expect(items).toEqual(['First time Premium24 November 2026+250', 'Bonus24 November 2026+10']);
  });

  it('changes language and colours at once', async () => {
    renderApp(<AccountPage />, { user: aUser() });
    await userEvent.click(screen.getByRole('radio', { name: 'Dark' }));
    expect(document.documentElement).toHaveAttribute('data-theme', 'dark');
    await userEvent.click(screen.getByRole('radio', { name: 'Svenska' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Konto' })).toBeInTheDocument();
    expect(screen.getByTestId('subscription-status')).toHaveTextContent(/^Gratis$/);
    delete document.documentElement.dataset.theme;
  });

  function Whole() {
    return useAuth().user ? <AccountPage /> : <p>signed out</p>;
  }

  it('signs out', async () => {
    server.use(http.post('*/api/auth/logout', () => new HttpResponse(null, { status: 204 })));
    renderApp(<Whole />, { user: aUser(), path: '/account' });
    await userEvent.click(screen.getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByText('signed out')).toBeInTheDocument();
  });

  it('stays signed in, and says why, when the server does not hear of it', async () => {
    server.use(http.post('*/api/auth/logout', () => HttpResponse.error()));
    renderApp(<Whole />, { user: aUser(), path: '/account' });
    await userEvent.click(screen.getByRole('button', { name: 'Sign out' }));
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(/connection|network/i));
    expect(screen.getByRole('button', { name: 'Sign out' })).toBeEnabled();
  });
});
