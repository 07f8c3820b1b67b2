/** A person that the Go test has registered. */
export interface Person {
  id: string;
  email: string;
  password: string;
}

function need(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: the scenes are run by the Go test in e2e (make e2e)`);
  return value;
}

/** What the Go test tells the scenes. */
export const settings = {
  /** The product's address. */
  url: need('E2E_URL'),
  /** Where pictures, facts and HAR files go. */
  out: need('E2E_OUT'),
  /** The Go test's own server, see `reached`. */
  control: need('E2E_CONTROL'),
  devtoolsPort: Number(need('E2E_DEVTOOLS_PORT')),
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
  people: JSON.parse(need('E2E_PEOPLE')) as { payer: Person; free: Person },
};

/**
 * Tells the Go test that the browser has come to a point, and waits until it has done what it
 * wants to do there. Returns what it says.
 */
export async function reached<T>(point: string): Promise<T> {
  const answer = await fetch(`${settings.control}/reached/${point}`, { method: 'POST' });
  if (!answer.ok)
    throw new Error(`the Go test at ${point}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
