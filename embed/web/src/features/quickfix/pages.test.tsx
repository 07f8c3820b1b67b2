import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { clear, createStore } from 'idb-keyval';
import { http, HttpResponse } from 'msw';
import { Route, Routes, useLocation } from '@/lib/router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { server } from '@/testing/server';
import GuidePage from './GuidePage';
import QuickFixPage from './QuickFixPage';
import { aGuide } from './testdata';

const tap = aGuide();
const window_ = aGuide({
  slug: 'draughty-window',
  title: 'Draughty window',
  category: 'doors-windows',
  tags: ['window'],
});

function Where() {
  const { pathname, search, state } = useLocation();
  return <p>{`at ${pathname}${search} with ${JSON.stringify(state)}`}</p>;
}

const pages = (
  <Routes>
    <Route path="/quickfix" element={<QuickFixPage />} />
    <Route path="/quickfix/:slug" element={<GuidePage />} />
    <Route path="*" element={<Where />} />
  </Routes>
);

const open = (path: string) => renderApp(pages, { user: null, path });

beforeEach(async () => {
  // Nothing kept on the device from the test before.
  await clear(createStore('liveassist-guides', 'kept'));
  server.use(
    http.get('*/api/guides', () => HttpResponse.json([tap, window_])),
    http.get('*/api/guides/:slug', ({ params }) => {
      const guide = [tap, window_].find((g) => g.slug === params.slug);
      return guide
        ? HttpResponse.json(guide)
        : HttpResponse.json({ error: 'not_found', message: 'no' }, { status: 404 });
    }),
  );
});

describe('QuickFixPage', () => {
  it('lists all guides by category', async () => {
    open('/quickfix');
    const plumbing = await screen.findByRole('region', { name: 'Plumbing' });
    expect(within(plumbing).getByRole('link', { name: 'Dripping tap' })).toHaveAttribute(
      'href',
      '/quickfix/dripping-tap',
    );
    expect(screen.getByText('2 guides')).toBeInTheDocument();
  });

  it('finds what is typed, says how many, and clears', async () => {
    open('/quickfix');
    await screen.findByText('2 guides');
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search guides' }), 'my tap drips');
    expect(await screen.findByText('1 guide')).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Draughty window' })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Clear search' }));
    expect(await screen.findByText('2 guides')).toBeInTheDocument();
  });

  it('shows one category, and all again', async () => {
    open('/quickfix?c=doors-windows');
    expect(await screen.findByRole('link', { name: 'Draughty window' })).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Dripping tap' })).not.toBeInTheDocument();
    const chip = screen.getByRole('button', { name: 'Doors & windows' });
    expect(chip).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(chip);
    expect(await screen.findByRole('link', { name: 'Dripping tap' })).toBeInTheDocument();
  });

  it('turns a search without result into a question', async () => {
    open('/quickfix?q=xylophone');
    expect(await screen.findByText('No guide for “xylophone”')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('link', { name: 'Ask about it' }));
    expect(screen.getByText('at /liveassist with {"draft":"xylophone"}')).toBeInTheDocument();
  });

  it('offers to try again where the list cannot be had', async () => {
    server.use(http.get('*/api/guides', () => HttpResponse.error(), { once: true }));
    open('/quickfix');
    await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('2 guides')).toBeInTheDocument();
  });
});

describe('GuidePage', () => {
  const step = (name: string) => screen.getByRole('checkbox', { name });

  it('shows everything that a guide has', async () => {
    open('/quickfix/dripping-tap');
    expect(await screen.findByRole('heading', { level: 1, name: 'Dripping tap' })).toBeVisible();
    const safety = await screen.findByRole('region', { name: 'Safety first' });
    expect(within(safety).getByText('water').tagName).toBe('STRONG');
    expect(screen.getAllByRole('checkbox')).toHaveLength(3);
    expect(screen.getByRole('region', { name: 'When to call a professional' })).toHaveTextContent(
      'Call a plumber',
    );
    expect(screen.getByText('spanner')).toBeInTheDocument();
  });

  it('keeps the ticks over a visit, and forgets them on demand', async () => {
    const first = open('/quickfix/dripping-tap');
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Shut off the water' }));
    expect(screen.getByText('1 of 3 done')).toBeInTheDocument();
    expect(screen.getByRole('progressbar', { name: 'Steps done' })).toHaveValue(1);
    first.unmount();
    open('/quickfix/dripping-tap');
    await waitFor(() => expect(step('Shut off the water')).toBeChecked());
    expect(step('Find the kind of tap')).not.toBeChecked();
    await userEvent.click(screen.getByRole('button', { name: 'Start over' }));
    expect(step('Shut off the water')).not.toBeChecked();
    expect(localStorage.getItem('liveassist.steps.dripping-tap')).toBeNull();
  });

  it.each(['7,1', 'x', '-1,1.5', '[1]', '99999999999'])('survives the ticks %j', async (kept) => {
    localStorage.setItem('liveassist.steps.dripping-tap', kept);
    open('/quickfix/dripping-tap');
    await screen.findAllByRole('checkbox');
    expect(screen.getByText(/^[01] of 3 done$/)).toBeInTheDocument();
  });

  it('leads to a conversation about the guide when it did not help', async () => {
    open('/quickfix/dripping-tap');
    await userEvent.click(await screen.findByRole('button', { name: 'No' }));
    expect(screen.getByText(/^at \/liveassist with .*“Dripping tap”/)).toBeInTheDocument();
  });

  it('is glad when it helped', async () => {
    open('/quickfix/dripping-tap');
    await userEvent.click(await screen.findByRole('button', { name: 'Yes' }));
    expect(screen.getByText(/Good to hear/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'No' })).not.toBeInTheDocument();
  });

  it('is still there without a network once it was seen', async () => {
    const first = open('/quickfix/draughty-window');
    await screen.findAllByRole('checkbox');
    first.unmount();
    server.use(
      http.get('*/api/guides/:slug', () => HttpResponse.error()),
      http.get('*/api/guides', () => HttpResponse.error()),
    );
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    open('/quickfix/draughty-window');
    expect(await screen.findAllByRole('checkbox')).toHaveLength(3);
  });

  it('says that a guide does not exist', async () => {
    open('/quickfix/nope');
    expect(await screen.findByRole('heading', { level: 1, name: 'Guide not found' })).toBeVisible();
    expect(screen.getAllByRole('link', { name: 'All guides' })[0]).toHaveAttribute(
      'href',
      '/quickfix',
    );
  });

  it('says that it cannot be had, and tries again', async () => {
    server.use(http.get('*/api/guides/:slug', () => HttpResponse.error(), { once: true }));
    open('/quickfix/dripping-tap');
    await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findAllByRole('checkbox')).toHaveLength(3);
  });
});
