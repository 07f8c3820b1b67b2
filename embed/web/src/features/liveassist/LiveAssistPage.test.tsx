import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import type { Message } from '@/api';
import { aConversation, aMessage, aUser } from '@/testing/data';
import { table } from '@/lib/events/table';
import { keys } from '@/lib/queries';
import { renderApp } from '@/testing/render';
import { server } from '@/testing/server';
import LiveAssistPage from './LiveAssistPage';

const SESSION = '00000000-0000-4000-9000-000000000001';
const MESSAGES = '*/api/liveassist/sessions/:id/messages';

/** A server with one conversation that keeps what it is sent. */
function aServer(messages: Message[] = []) {
  const created: string[] = [];
  server.use(
    http.get('*/api/liveassist/sessions', () => HttpResponse.json([])),
    http.get('*/api/liveassist/sessions/:id', ({ params }) =>
      HttpResponse.json(aConversation({ id: String(params.id) })),
    ),
    http.post('*/api/liveassist/sessions', () => {
      created.push(SESSION);
      return HttpResponse.json({ sessionId: SESSION }, { status: 201 });
    }),
    http.get(MESSAGES, ({ params }) =>
      params.id === SESSION
        ? HttpResponse.json(messages)
        : HttpResponse.json({ error: 'not_found', message: 'Not found.' }, { status: 404 }),
    ),
    http.post(MESSAGES, async ({ request }) => {
      const { id, text } = (await request.json()) as { id: string; text: string };
      const message = aMessage({ id, text });
      messages.push(message);
      return HttpResponse.json(message, { status: 201 });
    }),
  );
  return { created, messages };
}

/** Each test is another person, so that nothing of another test's outbox is shown. */
let people = 0;
const show = (part = {}) =>
  renderApp(<LiveAssistPage />, {
    user: aUser({ id: `person-${++people}`, ...part }),
    path: '/liveassist',
  });

const field = () => screen.getByRole('textbox', { name: 'Message' });
const log = () => screen.getByRole('log', { name: 'Conversation' });

describe('LiveAssistPage', () => {
  it('begins a conversation where there is none, and keeps its id', async () => {
    const { created } = aServer();
    show({ name: 'Kim Berg' });
    expect(
      await screen.findByRole('heading', { name: 'Hello Kim, what needs fixing?' }),
    ).toBeVisible();
    expect(created).toHaveLength(1);
    expect(localStorage.getItem('liveassistSessionId')).toBe(SESSION);
  });

  it('reads the conversation that this browser had', async () => {
    localStorage.setItem('liveassistSessionId', SESSION);
    const { created } = aServer([
      aMessage({ text: 'before' }),
      aMessage({ role: 'assistant', text: '**after**' }),
    ]);
    show();
    const articles = await screen.findAllByRole('article');
    expect(articles[0]).toHaveTextContent('before');
    await waitFor(() => expect(within(articles[1]!).getByText('after').tagName).toBe('STRONG'));
    expect(created).toHaveLength(0);
  });

  it('starts a second device from the most recent conversation', async () => {
    aServer([aMessage({ text: 'from the phone' })]);
    show({ liveassist_session_id: SESSION });
    expect(await screen.findByText('from the phone')).toBeVisible();
    expect(localStorage.getItem('liveassistSessionId')).toBe(SESSION);
  });

  it('replaces an id that the server does not know, without a word', async () => {
    localStorage.setItem('liveassistSessionId', '00000000-0000-4000-9000-00000000dead');
    const { created } = aServer();
    show({ liveassist_session_id: '00000000-0000-4000-9000-00000000dead' });
    await waitFor(() => expect(localStorage.getItem('liveassistSessionId')).toBe(SESSION));
    expect(created).toHaveLength(1);
    expect(await screen.findByRole('heading', { name: /what needs fixing/ })).toBeVisible();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('shows a message at once, sends it, and shows it once', async () => {
    const { messages } = aServer();
    show();
    await userEvent.type(field(), 'It drips{Enter}');
    expect(within(log()).getByRole('article')).toHaveTextContent('It drips');
    expect(field()).toHaveValue('');
    await waitFor(() => expect(messages.map((m) => m.text)).toEqual(['It drips']));
    expect(within(log()).getAllByRole('article')).toHaveLength(1);
  });

  it('makes a line with Shift and Enter, and sends no blank', async () => {
    const { messages } = aServer();
    show();
    await userEvent.type(field(), '  {Enter}');
    await userEvent.clear(field());
    await userEvent.type(field(), 'one{Shift>}{Enter}{/Shift}two{Enter}');
    await waitFor(() => expect(messages.map((m) => m.text)).toEqual(['one\ntwo']));
  });

  it('says why a message was refused, and lets it be tried again with the same id', async () => {
    const { messages } = aServer();
    const ids: string[] = [];
    let refuse = true;
    server.use(
      http.post(MESSAGES, async ({ request }) => {
        ids.push(((await request.clone().json()) as { id: string }).id);
        if (!refuse) return undefined;
        return HttpResponse.json(
          { error: 'invalid_request', message: 'Too odd.' },
          { status: 400 },
        );
      }),
    );
    show();
    await userEvent.type(field(), 'odd{Enter}');
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Not sent. Too odd.');
    refuse = false;
    await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(messages).toHaveLength(1));
    expect(new Set(ids).size).toBe(1);
    expect(within(log()).getAllByRole('article')).toHaveLength(1);
  });

  it('gives a refused message back to be edited, or deletes it', async () => {
    aServer();
    server.use(
      http.post(MESSAGES, () =>
        HttpResponse.json({ error: 'invalid_request', message: 'No.' }, { status: 400 }),
      ),
    );
    show();
    await userEvent.type(field(), 'frist{Enter}');
    await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
    expect(field()).toHaveValue('frist');
    expect(within(log()).queryByRole('article')).not.toBeInTheDocument();
    await userEvent.type(field(), '{Enter}');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
    expect(within(log()).queryByRole('article')).not.toBeInTheDocument();
  });

  it('keeps a draft while the page is away', async () => {
    aServer();
    const view = show({ id: 'drafter' });
    await userEvent.type(field(), 'half');
    view.unmount();
    renderApp(<LiveAssistPage />, { user: aUser({ id: 'drafter' }) });
    expect(field()).toHaveValue('half');
  });

  it('takes a first text along from another page, unless one was begun', async () => {
    aServer();
    const path = { pathname: '/liveassist', state: { draft: 'The guide did not help' } };
    renderApp(<LiveAssistPage />, { user: aUser({ id: 'guided' }), path });
    await waitFor(() => expect(field()).toHaveValue('The guide did not help'));
  });

  it('says that messages could not be loaded, and loads them when told', async () => {
    localStorage.setItem('liveassistSessionId', SESSION);
    aServer([aMessage({ text: 'here' })]);
    let broken = true;
    server.use(
      http.get(MESSAGES, () => (broken ? HttpResponse.json(null, { status: 400 }) : undefined)),
    );
    show();
    const alert = await screen.findByRole('alert');
    broken = false;
    await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('here')).toBeVisible();
  });

  it('tells what is left of today’s images', () => {
    aServer();
    show({ image_counter: 1 });
    expect(screen.getByTestId('image-allowance')).toHaveTextContent(/^1 of 2 images left today$/);
  });

  it('is Swedish where Swedish is asked for', async () => {
    aServer();
    renderApp(<LiveAssistPage />, { user: aUser({ id: 'svensk' }), lang: 'sv' });
    expect(await screen.findByRole('textbox', { name: 'Meddelande' })).toBeVisible();
    expect(screen.getByTestId('image-allowance')).toHaveTextContent('2 av 2 bilder kvar i dag');
  });

  it('asks for a person, and says who is there', async () => {
    aServer([aMessage({ text: 'here' })]);
    const standing = aConversation();
    server.use(
      http.get('*/api/liveassist/sessions/:id', () => HttpResponse.json(standing)),
      http.post('*/api/liveassist/sessions/:id/ask-person', () => {
        standing.desk = 'waiting';
        return HttpResponse.json(standing);
      }),
    );
    const { client } = show({ liveassist_session_id: SESSION });
    await userEvent.click(await screen.findByRole('button', { name: 'Ask for a person' }));
    expect(await screen.findByText('Waiting for a person · assistant answers')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Ask for a person' })).not.toBeInTheDocument();
    const taken = { desk: 'operator', operator: 'Robin', title: '' } as const;
    Object.assign(standing, taken);
    table['conversation.updated'](client, { sessionId: SESSION, ...taken });
    expect(await screen.findByText('Robin is here')).toBeVisible();
  });

  it('rates a reply, takes it back, and says when it was not stored', async () => {
    const reply = aMessage({ role: 'assistant', text: 'Close the valve' });
    aServer([aMessage(), reply]);
    const values: unknown[] = [];
    let broken = false;
    server.use(
      http.post(`${MESSAGES}/:message/rating`, async ({ request, params }) => {
        if (broken) return HttpResponse.json(null, { status: 500 });
        values.push([params.message, ((await request.json()) as { value: unknown }).value]);
        return new HttpResponse(null, { status: 204 });
      }),
    );
    show({ liveassist_session_id: SESSION });
    const up = await screen.findByRole('button', { name: 'Helpful' });
    const down = screen.getByRole('button', { name: 'Not helpful' });
    await screen.findByText('Assistant answers');
    await userEvent.click(up);
    expect(up).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(down);
    expect(up).toHaveAttribute('aria-pressed', 'false');
    await userEvent.click(down);
    await waitFor(() =>
      expect(values).toEqual([
        [reply.id, 'up'],
        [reply.id, 'down'],
        [reply.id, null],
      ]),
    );
    broken = true;
    await userEvent.click(up);
    expect(await screen.findByText(/That did not work/)).toBeVisible();
    expect(up).toHaveAttribute('aria-pressed', 'false');
  });

  it('has a failed reply tried again by the server, without a second message', async () => {
    const question = aMessage({ text: 'Why?' });
    const { messages } = aServer([question]);
    const standing = aConversation({ failed: [{ id: question.id, error: 'unavailable' }] });
    server.use(
      http.get('*/api/liveassist/sessions/:id', () => HttpResponse.json(standing)),
      http.post(`${MESSAGES}/:message/retry`, ({ params }) =>
        HttpResponse.json({ ...standing, failed: [], pending: [params.message] }),
      ),
    );
    show({ liveassist_session_id: SESSION });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('No answer came.');
    await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('LiveAssist is writing…')).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(messages).toHaveLength(1);
  });

  it('expects a reply to an old question only where the server has one on its way', async () => {
    const question = aMessage({ text: 'Long ago' });
    aServer([question]);
    const { client } = show({ liveassist_session_id: SESSION });
    await screen.findByText('Assistant answers');
    expect(screen.queryByText('LiveAssist is writing…')).not.toBeInTheDocument();
    client.setQueryData(keys.conversation(SESSION), aConversation({ pending: [question.id] }));
    expect(await screen.findByText('LiveAssist is writing…')).toBeInTheDocument();
  });
});
