import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { useNavigate } from '@/lib/router';
import { beforeEach, describe, expect, it } from 'vitest';
import type { User } from '@/api';
import { PaymentProvider, usePayment } from '@/lib/payment';
import type { Arrival } from '@/lib/payment';
import { keys } from '@/lib/queries';
import { aUser } from '@/testing/data';
import { renderApp } from '@/testing/render';
import { server } from '@/testing/server';
import PaymentNews from './PaymentNews';

const back: Arrival = { kind: 'success', sessionId: 'cs_1', photos: 0 };
const award = { amount: 250, reason: 'first_premium', ts: new Date().toISOString() };
let confirms: unknown[];
let answer: { me: User; confirm: () => Response };

beforeEach(() => {
  confirms = [];
  server.use(
    http.get('*/api/users/me', () => HttpResponse.json(answer.me)),
    http.post('*/api/billing/confirm', async ({ request }) => {
      confirms.push(await request.json());
      return answer.confirm();
    }),
    http.get('*/api/xp', () =>
      HttpResponse.json({
        total: 250,
        level: 2,
        level_start: 100,
        next_level_at: 300,
        events: [{ ...award, userId: answer.me.id }],
      }),
    ),
  );
});

function Stage() {
  const navigate = useNavigate();
  const { pending } = usePayment();
  return (
    <>
      <PaymentNews />
      <p>{pending ? 'pending' : 'settled'}</p>
      <button type="button" onClick={() => navigate('/quickfix')}>
        go on
      </button>
    </>
  );
}

let people = 0;

function show(arrival: Arrival, me: Partial<User> | null = {}, confirm?: () => Response) {
  const user = aUser({ id: `returner-${++people}`, ...me });
  answer = { me: user, confirm: confirm ?? (() => HttpResponse.json(answer.me)) };
  const stage = (
    <PaymentProvider arrival={arrival}>
      <Stage />
    </PaymentProvider>
  );
  return { user, ...renderApp(stage, { user: me && user }) };
}

const paid = { subscription_status: 'paid', image_limit: null } as const;
const refuse = (status: number) => () =>
  HttpResponse.json({ error: 'not_found', message: 'No.' }, { status });

describe('PaymentNews', () => {
  it('says so when the payment is booked, and celebrates the points once', async () => {
    show(back, paid);
    expect(await screen.findByText('Premium is active')).toBeVisible();
    expect(await screen.findByText('250 points for your first time Premium!')).toBeVisible();
    expect(screen.getByText('settled')).toBeVisible();
    expect(confirms).toEqual([]);
    expect(localStorage.getItem('liveassist.celebrated')).toContain(`returner-${people}:`);
  });

  it('does not celebrate what was celebrated in another tab', async () => {
    localStorage.setItem('liveassist.celebrated', `returner-${people + 1}:${Date.parse(award.ts)}`);
    show(back, paid);
    expect(await screen.findByText('Premium is active')).toBeVisible();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(screen.queryByText(/points/)).not.toBeInTheDocument();
  });

  it('confirms what is not booked yet', async () => {
    const { user } = show(back, {}, () => HttpResponse.json({ ...answer.me, ...paid }));
    expect(screen.getByText('Confirming your payment…')).toBeVisible();
    expect(screen.getByText('pending')).toBeVisible();
    expect(await screen.findByText('Premium is active')).toBeVisible();
    expect(confirms).toEqual([{ session_id: 'cs_1' }]);
    expect(user.subscription_status).toBe('free');
  });

  it('hears of it from the stream while the server cannot confirm', async () => {
    const { client, user } = show(back, {}, refuse(503));
    await waitFor(() => expect(confirms).toHaveLength(1));
    expect(screen.getByText('Confirming your payment…')).toBeVisible();
    act(() => void client.setQueryData(keys.me, { ...user, ...paid }));
    expect(await screen.findByText('Premium is active')).toBeVisible();
  });

  it('tells of a payment that is not this person’s', async () => {
    show(back, {}, refuse(404));
    expect(await screen.findByText('We do not find this payment in your account')).toBeVisible();
    expect(screen.getByText('settled')).toBeVisible();
  });

  it('tells of a bank that takes days', async () => {
    show(back, { subscription_payment: 'processing' });
    expect(await screen.findByText('Your payment is on its way')).toBeVisible();
  });

  it('asks whoever is signed out to sign in, and waits', async () => {
    show(back, null);
    expect(await screen.findByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/login');
    expect(confirms).toEqual([]);
  });

  it('says that nothing was charged, and the way back', async () => {
    show({ kind: 'cancelled', returnTo: '/liveassist' });
    expect(screen.getByText('Nothing was charged')).toBeVisible();
    const link = screen.getByRole('link', { name: 'Back to your conversation' });
    expect(link).toHaveAttribute('href', '/liveassist');
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByText('Nothing was charged')).not.toBeInTheDocument();
  });

  it('is gone on the next page once it was read, but not while it waits', async () => {
    const { unmount } = show({ kind: 'cancelled', returnTo: null });
    await userEvent.click(screen.getByRole('button', { name: 'go on' }));
    expect(screen.queryByText('Nothing was charged')).not.toBeInTheDocument();
    unmount();
    show(back, {}, refuse(503));
    await userEvent.click(screen.getByRole('button', { name: 'go on' }));
    expect(screen.getByText('Confirming your payment…')).toBeVisible();
  });

  it('forgets a payment whose outcome is known', async () => {
    sessionStorage.setItem('liveassist.payment', '{"step":"back","sessionId":"cs_1"}');
    show(back, paid);
    await waitFor(() => expect(sessionStorage.getItem('liveassist.payment')).toBeNull());
  });
});
