import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan, Session, XP } from '@/api';
import { aMessage, aUser } from '@/testing/data';
import { renderApp } from '@/testing/render';
import { server } from '@/testing/server';
import HomePage from './HomePage';

const plans: Plan[] = [
  { plan: 'month', amount: 900, currency: 'eur', interval: 'month' },
  { plan: 'year', amount: 9000, currency: 'eur', interval: 'year' },
];
const xp: XP = { total: 250, level: 2, level_start: 100, next_level_at: 300, events: [] };
const id = '00000000-0000-4000-9000-000000000001';
const session: Session = {
  id,
  createdAt: '2026-11-24T10:00:00.000Z',
  lastActiveAt: '2026-11-24T10:00:00.000Z',
  title: 'The washing machine leaks',
  lastMessage: aMessage({ role: 'assistant', text: 'Open the flap.' }),
};
const failure = () =>
  HttpResponse.json({ error: 'internal_error', message: 'no' }, { status: 500 });

beforeEach(() => {
  server.use(
    http.get('*/api/guides', () => HttpResponse.json([])),
    http.get('*/api/billing/plans', () => HttpResponse.json(plans)),
    http.get('*/api/xp', () => HttpResponse.json(xp)),
    http.get('*/api/liveassist/sessions', () => HttpResponse.json([session])),
  );
});

describe('HomePage, signed out', () => {
  it('says what this is and where to begin', () => {
    renderApp(<HomePage />, { user: null });
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Let’s fix it');
    const [first] = screen.getAllByRole('link', { name: 'Start for free' });
    expect(first).toHaveAttribute('href', '/register');
    expect(screen.getAllByRole('link', { name: 'Sign in' })[0]).toHaveAttribute('href', '/login');
    expect(screen.getByRole('img', { name: /dripping tap/ })).toBeInTheDocument();
  });

  it('shows the prices that the server gives, with what a year saves', async () => {
    renderApp(<HomePage />, { user: null });
    expect(await screen.findByText(/^€9\b/)).toHaveTextContent(/^€9 a month$/);
    expect(screen.getByText('or €90 a year (17 % less)')).toBeInTheDocument();
  });

  it('shows no price where the server gives none', async () => {
    server.use(
      http.get('*/api/billing/plans', () =>
        HttpResponse.json({ error: 'billing_unavailable', message: 'no' }, { status: 404 }),
      ),
    );
    renderApp(<HomePage />, { user: null });
    expect(await screen.findByText('You see the price before you decide.')).toBeInTheDocument();
    expect(screen.queryByText(/€/)).not.toBeInTheDocument();
  });

  it('opens an answer', async () => {
    renderApp(<HomePage />, { user: null });
    const question = screen.getByText('Can I lose a conversation?');
    await userEvent.click(question);
    expect(question.closest('details')).toHaveAttribute('open');
  });
});

describe('HomePage, signed in', () => {
  const card = (name: string) => within(screen.getByRole('region', { name }));

  it('greets by name, or without one', () => {
    const { unmount } = renderApp(<HomePage />, { user: aUser({ name: 'Kim' }) });
    expect(screen.getByRole('heading', { level: 1, name: 'Hello, Kim' })).toBeInTheDocument();
    unmount();
    renderApp(<HomePage />, { user: aUser({ name: '' }) });
    expect(screen.getByRole('heading', { level: 1, name: 'Welcome' })).toBeInTheDocument();
  });

  it('leads back into the conversation with its last line', async () => {
    renderApp(<HomePage />, { user: aUser() });
    const link = await screen.findByRole('link', { name: 'Continue conversation' });
    expect(link).toHaveAttribute('href', '/liveassist');
    expect(card('Your conversation').getByText('Open the flap.')).toBeInTheDocument();
    await userEvent.click(link);
    expect(localStorage.getItem('liveassistSessionId')).toBe(id);
  });

  it('invites to a first question where nothing was said yet', async () => {
    server.use(
      http.get('*/api/liveassist/sessions', () =>
        HttpResponse.json([{ ...session, lastMessage: null, title: '' }]),
      ),
    );
    renderApp(<HomePage />, { user: aUser() });
    expect(await screen.findByRole('link', { name: 'Ask your first question' })).toHaveAttribute(
      'href',
      '/liveassist',
    );
  });

  it('shows plan, photos and level', async () => {
    renderApp(<HomePage />, { user: aUser({ image_counter: 1, image_limit: 2 }) });
    const today = card('Today');
    expect(today.getByText('Free')).toBeInTheDocument();
    expect(today.getByText('1 of 2 photos left today')).toBeInTheDocument();
    expect(today.getByRole('progressbar')).toHaveValue(1);
    expect(today.getByRole('button', { name: 'Upgrade' })).toBeInTheDocument();
    expect(await card('Experience').findByText('50 points to level 3')).toBeInTheDocument();
    expect(card('Experience').getByRole('progressbar')).toHaveValue(150);
  });

  it('offers nothing more to who has Premium', () => {
    renderApp(<HomePage />, {
      user: aUser({ subscription_status: 'paid', image_limit: null }),
    });
    expect(card('Today').getByText('Premium')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Upgrade' })).not.toBeInTheDocument();
  });

  it('lets one card fail alone, and tries again', async () => {
    server.use(http.get('*/api/xp', failure, { once: true }));
    vi.spyOn(console, 'error').mockReturnValue();
    renderApp(<HomePage />, { user: aUser() });
    const experience = card('Experience');
    const retry = await experience.findByRole('button', { name: 'Try again' });
    expect(await screen.findByText('Open the flap.')).toBeInTheDocument();
    await userEvent.click(retry);
    expect(await experience.findByText('50 points to level 3')).toBeInTheDocument();
  });

  it('says so where the server cannot be reached', async () => {
    server.use(http.get('*/api/users/me', () => HttpResponse.error()));
    renderApp(<HomePage />);
    expect(
      await screen.findByRole('heading', { level: 1, name: 'The server cannot be reached' }),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: 'All guides' })).toHaveAttribute('href', '/quickfix');
  });
});
