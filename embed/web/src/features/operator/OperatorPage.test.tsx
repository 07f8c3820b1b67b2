import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import type { Message } from '@/api';
import { Route, Routes } from '@/lib/router';
import { aMessage, aUser } from '@/testing/data';
import { renderApp } from '@/testing/render';
import { server } from '@/testing/server';
import type { Conversation, Overview, Person } from './model';
import OperatorPage from './OperatorPage';

const ME = aUser({ id: '00000000-0000-4000-8000-0000000000aa', name: 'Anna', role: 'operator' });
const SESSION = '00000000-0000-4000-9000-000000000001';
const API = '*/api/operator';

const overview: Overview = {
  people: 3,
  paid: 1,
  operators: 1,
  waiting: 1,
  at_desk: 0,
  messages_today: 4,
  images_today: 0,
  webhooks: { processed: 2, ignored: 0, parked: 0 },
  newest_webhook_at: '2026-11-24T12:00:00.000Z',
  streams: 2,
  details: {},
};

const kim: Person = { ...aUser({ name: 'Kim' }), createdAt: '2026-11-24T12:00:00.000Z' };

const waiting: Conversation = {
  id: SESSION,
  title: 'Tap',
  desk: 'waiting',
  operator: null,
  waitingSince: '2026-11-24T12:00:00.000Z',
  createdAt: '2026-11-24T11:00:00.000Z',
  lastActiveAt: '2026-11-24T12:00:00.000Z',
  person: kim,
  lastMessage: null,
  rated: { up: 0, down: 0 },
  assistant: true,
  pending: [],
  failed: [],
  ratings: {},
};
const mine: Conversation = {
  ...waiting,
  desk: 'operator',
  operator: { id: ME.id, name: 'Anna' },
  waitingSince: null,
};

/** A desk with one conversation; replies are stored by their id, as the server does. */
function aDesk(conversation: Conversation, messages: Message[] = [aMessage({ text: 'It drips' })]) {
  let now = conversation;
  const sent: string[] = [];
  server.use(
    http.get(`${API}/overview`, () => HttpResponse.json(overview)),
    http.get(`${API}/conversations`, () => HttpResponse.json({ items: [now], next: null })),
    http.get(`${API}/conversations/:id`, () => HttpResponse.json(now)),
    http.get(`${API}/conversations/:id/messages`, () => HttpResponse.json(messages)),
    http.post(`${API}/conversations/:id/take`, () => HttpResponse.json((now = mine))),
    http.post(`${API}/conversations/:id/typing`, () => new HttpResponse(null, { status: 204 })),
    http.post(`${API}/conversations/:id/messages`, async ({ request }) => {
      const { id, text } = (await request.json()) as { id: string; text: string };
      sent.push(id);
      const known = messages.find((m) => m.id === id);
      if (known) return HttpResponse.json(known);
      const message = aMessage({ id, text, role: 'operator' });
      messages.push(message);
      return HttpResponse.json(message, { status: 201 });
    }),
  );
  return { sent, messages };
}

const show = (path: string) =>
  renderApp(
    <Routes>
      <Route path="/operator" element={<OperatorPage />} />
      <Route path="/operator/:tab" element={<OperatorPage />} />
    </Routes>,
    { user: ME, path },
  );
const field = () => screen.findByRole('textbox', { name: 'Reply' });
const open = `/operator/conversations?show=mine&id=${SESSION}`;

describe('OperatorPage', () => {
  it('shows who waits, in numbers, in the list and in the title', async () => {
    aDesk(waiting);
    show('/operator');
    const list = await screen.findByRole('list', { name: 'Waiting' });
    expect(within(list).getByRole('link', { name: /Kim/ })).toBeVisible();
    await waitFor(() => expect(document.title).toBe('(1) Overview · Operator · LiveAssist'));
  });

  it('has no place to reply before the conversation is taken over', async () => {
    aDesk(waiting);
    show(open);
    expect(await screen.findByText('It drips')).toBeVisible();
    expect(screen.queryByRole('textbox', { name: 'Reply' })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Take over' }));
    expect(await field()).toBeVisible();
    expect(screen.getAllByText('You have it').length).toBeGreaterThan(0);
  });

  it('says that somebody was faster, and shows who', async () => {
    aDesk(waiting);
    let asked = false;
    server.use(
      http.get(`${API}/conversations/:id`, () =>
        HttpResponse.json(asked ? { ...mine, operator: { id: 'other', name: 'Bo' } } : waiting),
      ),
      http.post(`${API}/conversations/:id/take`, () => {
        asked = true;
        return HttpResponse.json(
          { error: 'conflict', code: 'TAKEN', message: 'Taken.' },
          { status: 409 },
        );
      }),
    );
    show(open);
    await userEvent.click(await screen.findByRole('button', { name: 'Take over' }));
    expect(await screen.findByText(/Somebody was faster/)).toBeVisible();
    expect(await screen.findByText('With Bo')).toBeVisible();
  });

  it('shows a reply at once and once, and keeps the field clear for the next', async () => {
    const { messages } = aDesk(mine);
    show(open);
    await userEvent.type(await field(), 'Close the valve{Enter}');
    expect(screen.getByText('Close the valve')).toBeVisible();
    expect(await field()).toHaveValue('');
    await waitFor(() => expect(messages).toHaveLength(2));
    await waitFor(() => expect(screen.queryByText('Sending…')).not.toBeInTheDocument());
    expect(screen.getAllByText('Close the valve')).toHaveLength(1);
  });

  it('tries a refused reply again under its own id', async () => {
    const { sent, messages } = aDesk(mine);
    let refuse = true;
    const ids: string[] = [];
    server.use(
      http.post(`${API}/conversations/:id/messages`, async ({ request }) => {
        ids.push(((await request.clone().json()) as { id: string }).id);
        if (!refuse) return undefined;
        return HttpResponse.json(
          { error: 'conflict', code: 'NOT_TAKEN', message: 'Take it first.' },
          { status: 409 },
        );
      }),
    );
    show(open);
    await userEvent.type(await field(), 'Hello{Enter}');
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Not sent. You do not have this conversation any more.');
    refuse = false;
    await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(messages).toHaveLength(2));
    expect(new Set([...ids, ...sent]).size).toBe(1);
    expect(localStorage.getItem(`liveassist.operator.replies.${ME.id}`)).toBeNull();
  });

  it('gives back what was not confirmed when the page was left', async () => {
    aDesk(mine);
    const left = [{ id: 'r1', sessionId: SESSION, text: 'Lost?', state: 'sending', createdAt: 1 }];
    localStorage.setItem(`liveassist.operator.replies.${ME.id}`, JSON.stringify(left));
    show(open);
    expect(await screen.findByText('Lost?')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
  });

  it('reads anew what is opened again: no news reach a page that is not open', async () => {
    aDesk(waiting);
    server.use(http.get(`${API}/users`, () => HttpResponse.json({ items: [kim], next: null })));
    show('/operator');
    const tabs = await screen.findByRole('navigation', { name: 'Operator' });
    expect(await screen.findByRole('list', { name: 'Waiting' })).toBeVisible();
    await userEvent.click(within(tabs).getByRole('link', { name: 'Users' }));
    expect(await screen.findByRole('list', { name: 'Users' })).toBeVisible();
    server.use(
      http.get(`${API}/conversations`, () => HttpResponse.json({ items: [], next: null })),
    );
    await userEvent.click(
      within(screen.getByRole('navigation', { name: 'Operator' })).getByText('Overview'),
    );
    expect(await screen.findByRole('heading', { name: 'Nobody is waiting' })).toBeVisible();
  });

  it('keeps a person open who was chosen before the search had settled', async () => {
    aDesk(waiting);
    const detail = { user: kim, subscriptions: [], xp: [], sessions: [], audit: [] };
    const asked: (string | null)[] = [];
    server.use(
      http.get(`${API}/users`, ({ request }) => {
        asked.push(new URL(request.url).searchParams.get('q'));
        return HttpResponse.json({ items: [kim], next: null });
      }),
      http.get(`${API}/users/:id`, () => HttpResponse.json(detail)),
    );
    show('/operator/users');
    const found = await screen.findByRole('link', { name: /Kim/ });
    await userEvent.type(screen.getByLabelText('Search users'), 'kim');
    await userEvent.click(found);
    await waitFor(() => expect(asked).toEqual([null, 'kim']));
    expect(await screen.findByRole('region', { name: 'Plan' })).toBeVisible();
  });

  it('tells nothing unprocessed from nothing that ever came', async () => {
    aDesk(waiting);
    server.use(http.get(`${API}/webhooks`, () => HttpResponse.json({ items: [], next: null })));
    const view = show('/operator/webhooks?status=parked');
    expect(await screen.findByRole('heading', { name: 'No unprocessed webhooks' })).toBeVisible();
    view.unmount();
    server.use(
      http.get(`${API}/overview`, () =>
        HttpResponse.json({ ...overview, newest_webhook_at: null }),
      ),
    );
    show('/operator/webhooks?status=parked');
    expect(await screen.findByRole('heading', { name: 'No webhook has ever come' })).toBeVisible();
  });
});
