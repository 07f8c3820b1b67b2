import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { Suspense } from 'react';
import { Route, Routes, useLocation } from '@/lib/router';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aUser } from '@/testing/data';
import { renderApp } from '@/testing/render';
import { server } from '@/testing/server';
import ForgotPage from './ForgotPage';
import RegisterPage from './RegisterPage';
import ResetPage from './ResetPage';
import { SignInForm } from './SignInForm';
import SignInPage from './SignInPage';

const email = () => screen.getByLabelText('Email');
const password = () => screen.getByLabelText('Password');
const signIn = () => screen.getByRole('button', { name: 'Sign in' });

function refuse(path: string, error: string, status: number, headers = {}) {
  server.use(
    http.post(`*/api/auth/${path}`, () =>
      HttpResponse.json({ error, message: 'no' }, { status, headers }),
    ),
  );
}

async function fill(address = 'kim@example.com', secret = 'correct horse') {
  await userEvent.type(email(), address);
  await userEvent.type(password(), secret);
}

function Where() {
  const { pathname, state } = useLocation() as { pathname: string; state: unknown };
  return <p>{`at ${pathname} with ${JSON.stringify(state)}`}</p>;
}

const pages = (
  <Routes>
    <Route path="/login" element={<SignInPage />} />
    <Route path="/register" element={<RegisterPage />} />
    <Route path="*" element={<Where />} />
  </Routes>
);

afterEach(() => vi.useRealTimers());

describe('SignInForm', () => {
  it('signs in with what was typed', async () => {
    const sent = vi.fn();
    server.use(
      http.post('*/api/auth/login', async ({ request }) => {
        sent(await request.json());
        return HttpResponse.json(aUser());
      }),
    );
    const done = vi.fn();
    renderApp(<SignInForm onDone={done} />, { user: null });
    await fill(' kim@example.com');
    await userEvent.click(signIn());
    await waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(sent).toHaveBeenCalledExactlyOnceWith({
      email: 'kim@example.com',
      password: 'correct horse',
    });
  });

  it('marks what is missing, goes to the first of it, and sends nothing', async () => {
    renderApp(<SignInForm />, { user: null });
    await userEvent.type(email(), 'kim');
    await userEvent.click(signIn());
    expect(email()).toHaveAccessibleDescription(/not complete/);
    expect(password()).toHaveAccessibleDescription('Write your password.');
    expect(email()).toHaveFocus();
    expect(email()).toHaveValue('kim');
  });

  it('takes the typed address along to where a new password is asked for', async () => {
    renderApp(pages, { user: null, path: '/login' });
    await userEvent.type(email(), ' kim@example.com');
    await userEvent.click(screen.getByRole('link', { name: 'Forgot your password?' }));
    expect(screen.getByText('at /forgot with {"email":"kim@example.com"}')).toBeInTheDocument();
  });

  it('says that the pair is wrong and keeps both values', async () => {
    refuse('login', 'unauthenticated', 401);
    renderApp(<SignInForm />, { user: null });
    await fill();
    await userEvent.click(signIn());
    expect(await screen.findByRole('alert')).toHaveTextContent('password is not right');
    expect(email()).toHaveValue('kim@example.com');
    expect(password()).toHaveValue('correct horse');
  });

  it('sends once however often it is pressed', async () => {
    const sent = vi.fn();
    let released = false;
    server.use(
      http.post('*/api/auth/login', async () => {
        sent();
        await vi.waitUntil(() => released);
        return HttpResponse.json(aUser());
      }),
    );
    const done = vi.fn();
    renderApp(<SignInForm onDone={done} />, { user: null });
    await fill();
    const form = signIn().closest('form')!;
    fireEvent.submit(form);
    fireEvent.submit(form);
    await userEvent.dblClick(signIn());
    await userEvent.type(password(), '{Enter}');
    released = true;
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(sent).toHaveBeenCalledOnce();
  });

  it('counts down after too many tries, and then lets one try again', async () => {
    refuse('login', 'rate_limited', 429, { 'Retry-After': '3' });
    renderApp(<SignInForm />, { user: null });
    await fill();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    await userEvent.click(signIn());
    expect(
      await screen.findByText('Too many tries. Try again in 3 seconds.', { selector: 'p' }),
    ).toBeInTheDocument();
    expect(signIn()).toBeDisabled();
    act(() => void vi.advanceTimersByTime(2_000));
    expect(
      screen.getByText('Too many tries. Try again in 1 second.', { selector: 'p' }),
    ).toBeInTheDocument();
    act(() => void vi.advanceTimersByTime(1_000));
    expect(screen.queryByText(/Too many tries/)).not.toBeInTheDocument();
    expect(signIn()).toBeEnabled();
    expect(password()).toHaveValue('correct horse');
  });

  it('says that the network is gone', () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    renderApp(<SignInForm />, { user: null });
    expect(screen.getByText(/You are offline/).closest('[role=status]')).toBeInTheDocument();
  });

  it('shows what is typed on demand', async () => {
    renderApp(<SignInForm />, { user: null });
    const show = screen.getByRole('button', { name: 'Show what I type' });
    expect(password()).toHaveAttribute('type', 'password');
    await userEvent.click(show);
    expect(password()).toHaveAttribute('type', 'text');
    expect(show).toHaveAttribute('aria-pressed', 'true');
  });
});

describe('SignInPage', () => {
  it('returns to where one came from, with what was kept there', async () => {
    server.use(http.post('*/api/auth/login', () => HttpResponse.json(aUser())));
    const state = { from: '/liveassist', fromState: { draft: 'help' } };
    renderApp(pages, { user: null, path: { pathname: '/login', state } });
    await fill();
    await userEvent.click(signIn());
    expect(await screen.findByText('at /liveassist with {"draft":"help"}')).toBeInTheDocument();
  });

  it('lets nobody sign in twice', () => {
    renderApp(pages, { user: aUser(), path: '/login' });
    expect(screen.getByText('at / with null')).toBeInTheDocument();
  });
});

describe('RegisterPage', () => {
  const create = () => screen.getByRole('button', { name: 'Create account' });

  it('asks for eight characters before anything is sent', async () => {
    renderApp(pages, { user: null, path: '/register' });
    await fill('kim@example.com', '1234567');
    await userEvent.click(create());
    expect(password()).toHaveAccessibleDescription('A password needs at least 8 characters.');
    expect(password()).toHaveFocus();
  });

  it('leads to signing in when the address is taken, and takes the address along', async () => {
    refuse('register', 'email_taken', 409);
    renderApp(pages, { user: null, path: '/register' });
    await fill();
    await userEvent.click(create());
    await waitFor(() => expect(email()).toHaveAccessibleDescription(/exists already/));
    expect(email()).toHaveFocus();
    await userEvent.click(screen.getByRole('link', { name: 'Sign in instead' }));
    expect(screen.getByRole('heading', { level: 1, name: 'Sign in' })).toBeInTheDocument();
    expect(email()).toHaveValue('kim@example.com');
  });

  it('leaves the name out when there is none', async () => {
    const sent = vi.fn();
    server.use(
      http.post('*/api/auth/register', async ({ request }) => {
        sent(await request.json());
        return HttpResponse.json(aUser(), { status: 201 });
      }),
    );
    renderApp(pages, { user: null, path: '/register' });
    await fill();
    await userEvent.click(create());
    expect(await screen.findByText('at / with null')).toBeInTheDocument();
    expect(sent).toHaveBeenCalledWith({
      email: 'kim@example.com',
      password: 'correct horse',
      lang: 'en',
    });
  });

  it('says to look into the mailbox where the address is to be confirmed first', async () => {
    server.use(
      http.post('*/api/auth/register', () =>
        HttpResponse.json({ status: 'mailed' }, { status: 202 }),
      ),
    );
    renderApp(<Suspense>{pages}</Suspense>, { user: null, path: '/register' });
    await fill();
    await userEvent.click(create());
    expect(await screen.findByText(/We sent a mail to kim@example/)).toBeInTheDocument();
    expect(screen.queryByText('at / with null')).not.toBeInTheDocument();
  });

  it('speaks Swedish', () => {
    renderApp(pages, { user: null, path: '/register', lang: 'sv' });
    expect(screen.getByRole('button', { name: 'Skapa konto' })).toBeInTheDocument();
    expect(screen.getByLabelText('Lösenord')).toBeInTheDocument();
  });
});

describe('Links in mails', () => {
  const routes = (
    <Suspense>
      <Routes>
        <Route path="/reset" element={<ResetPage />} />
        <Route path="/forgot" element={<ForgotPage />} />
        <Route path="*" element={<Where />} />
      </Routes>
    </Suspense>
  );

  it('says that mail is off, in words of its own', async () => {
    refuse('forgot', 'mail_unavailable', 503);
    renderApp(routes, { user: null, path: '/forgot' });
    await userEvent.type(await screen.findByLabelText('Email'), 'kim@example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Send the link' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(/sends no mail/);
  });

  it('leads to a new link where there is no secret in the address', async () => {
    renderApp(routes, { user: null, path: '/reset' });
    expect(await screen.findByRole('alert')).toHaveTextContent(/used already or has run out/);
    expect(screen.getByRole('link', { name: 'Ask for a new link' })).toHaveAttribute(
      'href',
      '/forgot',
    );
  });
});
