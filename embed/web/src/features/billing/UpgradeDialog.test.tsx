import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { useEffect } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan, User } from '@/api';
import { useOutbox } from '@/lib/outbox';
import { PaymentContext } from '@/lib/payment';
import type { Payment } from '@/lib/payment';
import { keys } from '@/lib/queries';
import { useUpgrade, useUpgradeListener } from '@/lib/upgrade';
import { aUser } from '@/testing/data';
import { renderApp } from '@/testing/render';
import { server } from '@/testing/server';
import UpgradeDialog from './UpgradeDialog';

const plans: Plan[] = [
  { plan: 'month', amount: 900, currency: 'eur', interval: 'month' },
  { plan: 'year', amount: 9000, currency: 'eur', interval: 'year' },
];
const error = (status: number, kind: string) =>
  HttpResponse.json({ error: kind, message: `Server: ${kind}.` }, { status });

/** What the app does around the dialog, with a photo that waits for Premium. */
function Stage() {
  const { request, open } = useUpgrade();
  useUpgradeListener({ leaving: () => packing, cancelled: () => cancels++ });
  const outbox = useOutbox();
  useEffect(() => {
    open('image-limit');
    if (!outbox) return;
    const blob = new Blob(['x'], { type: 'image/jpeg' });
    void outbox.addPhoto(
      null,
      { blob, name: 'tap.jpg', width: 1, height: 1 },
      aUser().image_reset_at,
    );
  }, [open, outbox]);
  return request ? <UpgradeDialog /> : <p>closed</p>;
}

let people = 0;
let assigned: string[];
let checkouts: unknown[];
/** What others do before the page is left, and how often they were told that it is not. */
let packing: Promise<void>;
let cancels: number;

beforeEach(() => {
  assigned = [];
  sessionStorage.clear();
  checkouts = [];
  packing = Promise.resolve();
  cancels = 0;
  // What the tests' IndexedDB gives back is no Blob to this environment.
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:tap');
  vi.spyOn(window.location, 'assign').mockImplementation((url) => void assigned.push(String(url)));
  server.use(
    http.get('*/api/billing/plans', () => HttpResponse.json(plans)),
    http.post('*/api/billing/checkout', async ({ request }) => {
      checkouts.push(await request.json());
      return HttpResponse.json({ url: 'https://pay.example/1' });
    }),
  );
});

function show(part: Partial<User> = {}, payment?: Partial<Payment>) {
  const user = aUser({ id: `payer-${++people}`, image_counter: 2, ...part });
  server.use(http.get('*/api/users/me', () => HttpResponse.json(user)));
  const stage = payment ? (
    <PaymentContext
      value={{
        phase: 'none',
        pending: false,
        sessionId: null,
        photos: 0,
        returnTo: null,
        move: () => undefined,
        ...payment,
      }}
    >
      <Stage />
    </PaymentContext>
  ) : (
    <Stage />
  );
  return { user, ...renderApp(stage, { user, path: '/liveassist' }) };
}

const dialog = () => screen.getByRole('dialog', { name: 'Upgrade' });
const button = (name: string) => within(dialog()).getByRole('button', { name });

describe('UpgradeDialog', () => {
  it('offers both plans with their prices, and what a year saves', async () => {
    show();
    expect(await within(dialog()).findByText('€90 a year')).toBeVisible();
    expect(button('Monthly')).toHaveAttribute('aria-pressed', 'true');
    expect(button('Monthly')).toHaveAccessibleDescription('€9 a month');
    expect(button('Yearly')).toHaveAccessibleDescription('€90 a year Saves €18 (17%)');
    expect(button('Upgrade now')).toHaveAccessibleDescription('€9 a month');
    await userEvent.click(button('Yearly'));
    expect(button('Yearly')).toHaveAttribute('aria-pressed', 'true');
    expect(button('Monthly')).toHaveAttribute('aria-pressed', 'false');
    expect(button('Upgrade now')).toHaveAccessibleDescription('€90 a year');
  });

  it('says that the photo is kept, and when waiting costs nothing', async () => {
    show();
    expect(dialog()).toHaveTextContent('Send this photo with Premium');
    expect(
      await within(dialog()).findByText('Your photo is ready and will be sent right after.'),
    ).toBeVisible();
    expect(dialog()).toHaveTextContent(/2 new free photos come at \d\d:\d\d\./);
  });

  it('leads to the payment page once, in this tab, with the way back', async () => {
    show();
    await within(dialog()).findByText('€90 a year');
    await userEvent.click(button('Yearly'));
    // Twice before anything is drawn anew.
    act(() => {
      fireEvent.click(button('Upgrade now'));
      fireEvent.click(button('Upgrade now'));
    });
    expect(button('Upgrade now')).toHaveAttribute('aria-busy', 'true');
    await waitFor(() => expect(assigned).toEqual(['https://pay.example/1']));
    expect(checkouts).toEqual([{ plan: 'year', return_to: '/liveassist' }]);
    expect(button('Upgrade now')).toHaveAttribute('aria-busy', 'true');
    expect(sessionStorage.getItem('liveassist.payment')).toContain('/liveassist');
  });

  it('can be pressed again after Back from the payment page', async () => {
    show();
    await within(dialog()).findByText('€90 a year');
    await userEvent.click(button('Upgrade now'));
    await waitFor(() => expect(assigned).toHaveLength(1));
    act(() => void dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })));
    expect(button('Upgrade now')).not.toHaveAttribute('aria-busy');
    expect(sessionStorage.getItem('liveassist.payment')).toBeNull();
    await userEvent.click(button('Upgrade now'));
    await waitFor(() => expect(assigned).toHaveLength(2));
  });

  it('goes nowhere when "Not now" comes before the payment page', async () => {
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      server.use(
        http.post('*/api/billing/checkout', async () => {
          resolve();
          await new Promise<void>((go) => (answer = go));
          return HttpResponse.json({ url: 'https://pay.example/late' });
        }),
      );
    });
    show();
    await within(dialog()).findByText('€90 a year');
    await userEvent.click(button('Upgrade now'));
    await asked;
    await userEvent.click(button('Not now'));
    expect(screen.getByText('closed')).toBeVisible();
    answer();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(assigned).toEqual([]);
  });

  it('takes everything back when "Not now" comes at the last moment', async () => {
    let packed: () => void = () => undefined;
    packing = new Promise((resolve) => (packed = resolve));
    show();
    await within(dialog()).findByText('€90 a year');
    await userEvent.click(button('Upgrade now'));
    await waitFor(() => expect(checkouts).toHaveLength(1));
    await userEvent.click(button('Not now'));
    packed();
    await waitFor(() => expect(cancels).toBe(1));
    expect(assigned).toEqual([]);
    expect(sessionStorage.getItem('liveassist.payment')).toBeNull();
  });

  it('does not sell while prices are on their way', async () => {
    let answer: () => void = () => undefined;
    server.use(
      http.get('*/api/billing/plans', async () => {
        await new Promise<void>((go) => (answer = go));
        return HttpResponse.json(plans);
      }),
    );
    show();
    expect(button('Upgrade now')).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(button('Upgrade now'));
    expect(within(dialog()).getAllByText('Loading prices')).toHaveLength(2);
    answer();
    await waitFor(() => expect(button('Upgrade now')).not.toHaveAttribute('aria-disabled'));
    expect(checkouts).toEqual([]);
  });

  it('guesses no price, and asks again when told', async () => {
    let broken = true;
    server.use(
      http.get('*/api/billing/plans', () =>
        broken ? error(500, 'internal_error') : HttpResponse.json(plans),
      ),
    );
    show();
    expect(await within(dialog()).findByRole('alert')).toHaveTextContent('could not be loaded');
    expect(dialog()).not.toHaveTextContent('€');
    broken = false;
    await userEvent.click(button('Try again'));
    expect(await within(dialog()).findByText('€90 a year')).toBeVisible();
    expect(within(dialog()).queryByRole('alert')).not.toBeInTheDocument();
  });

  it('says that nothing can be bought here, and keeps the photo', async () => {
    server.use(http.get('*/api/billing/plans', () => error(503, 'billing_unavailable')));
    show();
    const alert = await within(dialog()).findByRole('alert');
    expect(alert).toHaveTextContent('Payments are not available right now');
    await waitFor(() => expect(alert).toHaveTextContent('Your photo is kept.'));
    expect(button('Upgrade now')).toBeDisabled();
    expect(button('Not now')).toBeEnabled();
  });

  it.each([
    [503, 'billing_unavailable', 'Payments are not available right now'],
    [500, 'internal_error', 'Something went wrong on our side.'],
    [429, 'rate_limited', 'Too many tries.'],
  ])('says why the payment page did not open (%i %s), and lets it be tried', async (s, k, want) => {
    server.use(http.post('*/api/billing/checkout', () => error(s, k)));
    show();
    await within(dialog()).findByText('€90 a year');
    await userEvent.click(button('Upgrade now'));
    expect(await within(dialog()).findByRole('alert')).toHaveTextContent(want);
    expect(dialog()).toHaveTextContent('Your photo is kept.');
    expect(button('Upgrade now')).toBeEnabled();
    expect(button('Upgrade now')).not.toHaveAttribute('aria-busy');
  });

  it('closes itself when the server says that it is paid already', async () => {
    const { user } = show();
    await within(dialog()).findByText('€90 a year');
    server.use(
      http.post('*/api/billing/checkout', () => error(409, 'already_subscribed')),
      http.get('*/api/users/me', () =>
        HttpResponse.json({ ...user, subscription_status: 'paid', image_limit: null }),
      ),
    );
    await userEvent.click(button('Upgrade now'));
    expect(await screen.findByText('closed')).toBeVisible();
    expect(assigned).toEqual([]);
  });

  it('closes itself when it is paid in another tab', async () => {
    const { client, user } = show();
    await within(dialog()).findByText('€90 a year');
    act(() => void client.setQueryData(keys.me, { ...user, subscription_status: 'paid' }));
    expect(await screen.findByText('closed')).toBeVisible();
  });

  it.each([
    ['confirmed', {}, { phase: 'confirming', pending: true } as const],
    ['processed by the bank', { subscription_payment: 'processing' } as const, undefined],
  ])('offers nothing while a payment is being %s', (_, part, payment) => {
    show(part, payment);
    expect(dialog()).toHaveTextContent('Your payment is on its way');
    expect(within(dialog()).queryByRole('button', { name: 'Upgrade now' })).toBeNull();
    expect(within(dialog()).queryByText(/€/)).toBeNull();
  });

  it('marks the sandbox', async () => {
    server.use(
      http.get('*/api/billing/plans', () =>
        HttpResponse.json(plans.map((p) => ({ ...p, sandbox: true }))),
      ),
    );
    show();
    expect(await within(dialog()).findByText(/^Sandbox:/)).toBeVisible();
  });

  it('closes with Escape', async () => {
    show();
    await within(dialog()).findByText('€90 a year');
    fireEvent(dialog(), new Event('cancel', { cancelable: true }));
    expect(screen.getByText('closed')).toBeVisible();
  });
});
