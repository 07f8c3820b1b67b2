import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';

/** The API as far as every test needs it; each test adds what it is about. */
export const server = setupServer(
  http.get('*/api/users/me', () =>
    HttpResponse.json({ error: 'unauthenticated', message: 'Please sign in.' }, { status: 401 }),
  ),
  // A stream that says nothing and stays open.
  http.get(
    '*/api/events',
    () =>
      new HttpResponse(new ReadableStream(), {
        headers: { 'Content-Type': 'text/event-stream' },
      }),
  ),
);
