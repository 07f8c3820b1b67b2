import type { Page } from '@playwright/test';
import { expect } from './server.ts';

let count = 0;

/** Creates an account through the form and ends on Home, signed in. */
export async function signUp(page: Page): Promise<{ email: string; password: string }> {
  const person = { email: `kim${++count}.${Date.now()}@example.com`, password: 'a long password' };
  await page.goto('/register');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).toHaveURL((url) => url.pathname === '/');
  return person;
}

/** Follows a link of the main navigation. */
export async function go(page: Page, name: 'Home' | 'QuickFix' | 'LiveAssist' | 'Account') {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
}

/** Writes a message and waits until it stands in the conversation. */
export async function say(page: Page, text: string) {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('article').filter({ hasText: text })).toBeVisible();
}
