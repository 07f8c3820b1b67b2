import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { server } from '@/testing/server';
import { api, call } from './client';
import { onUnauthenticated } from './unauthenticated';

const messages = (sessionId: string, query?: { limit: number }) =>
  call(
    api.GET('/api/liveassist/sessions/{sessionId}/messages', {
      params: { path: { sessionId }, ...(query ? { query } : {}) },
    }),
  );

describe('call', () => {
  it('fills the path and the query, and gives the data', async () => {
    let asked = '';
    server.use(
      http.get('*/api/liveassist/sessions/*', ({ request }) => {
        asked = request.url;
        return HttpResponse.json([]);
      }),
    );
    expect(await messages('a/b', { limit: 3 })).toEqual([]);
    expect(asked).toMatch(/\/sessions\/a%2Fb\/messages\?limit=3$/);
  });

  it('sends JSON, and bears an empty answer', async () => {
    let body: unknown;
    server.use(
      http.post('*/api/auth/login', async ({ request }) => {
        body = await request.json();
        expect(request.headers.get('Content-Type')).toContain('application/json');
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const credentials = { email: 'a@example.com', password: 'x' };
    expect(await call(api.POST('/api/auth/login', { body: credentials }))).toBeUndefined();
    expect(body).toEqual(credentials);
  });

  it('throws what the server says', async () => {
    server.use(
      http.get('*/messages', () =>
        HttpResponse.json(
          { error: 'rate_limited', code: 'X', message: 'Slowly.' },
          { status: 429, headers: { 'Retry-After': '7' } },
        ),
      ),
    );
    await expect(messages('a')).rejects.toMatchObject({
      status: 429,
      kind: 'rate_limited',
      code: 'X',
      message: 'Slowly.',
      retryAfter: 7,
      transient: true,
    });
  });

  it.each([
    [
      'a page of a proxy',
      () => new HttpResponse('<html>', { status: 502 }),
      { kind: 'unexpected', status: 502 },
    ],
    ['a lost network', () => HttpResponse.error(), { kind: 'network', status: 0 }],
    [
      'half an answer',
      () => new HttpResponse('[{"id', { status: 200 }),
      { kind: 'network', status: 0 },
    ],
  ])('knows %s', async (_, answer, want) => {
    server.use(http.get('*/messages', answer));
    await expect(messages('a')).rejects.toMatchObject({ ...want, transient: true });
  });

  it('tells that the sign-in has ended, but not of a wrong password', async () => {
    const ended = vi.fn();
    const stop = onUnauthenticated(ended);
    const refuse = () =>
      HttpResponse.json({ error: 'unauthenticated', message: '' }, { status: 401 });
    server.use(http.post('*/api/auth/login', refuse), http.get('*/messages', refuse));
    const body = { email: 'a@example.com', password: 'x' };
    await expect(call(api.POST('/api/auth/login', { body }))).rejects.toMatchObject({
      status: 401,
    });
    expect(ended).not.toHaveBeenCalled();
    await expect(messages('a')).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(ended).toHaveBeenCalledOnce();
    stop();
  });
});
