import { describe, expect, it } from 'vitest';
import type { GuideSummary, Plan, Session } from '@/api';
import { aMessage } from '@/testing/data';
import { guidesOfTheDay, latestSession, subjectOf, yearlySaving } from './model';

const DAY = 24 * 60 * 60 * 1000;
const names: GuideSummary['category'][] = ['plumbing', 'appliances', 'electrical', 'heating'];

const guides = Array.from({ length: 20 }, (_, i): GuideSummary => ({
  slug: `g${i}`,
  lang: 'en',
  title: `Guide ${i}`,
  summary: '',
  category: names[i % 4] ?? 'plumbing',
  minutes: 10,
  difficulty: 'easy',
  tags: [],
  symptoms: [],
}));

describe('guidesOfTheDay', () => {
  it('gives three of different categories, every day', () => {
    for (let day = 0; day < 60; day++) {
      const found = guidesOfTheDay(guides, day * DAY);
      expect(found).toHaveLength(3);
      expect(new Set(found.map((g) => g.category)).size).toBe(3);
    }
  });

  it('stays for a day and changes with the next', () => {
    const slugs = (now: number) => guidesOfTheDay(guides, now).map((g) => g.slug);
    expect(slugs(100 * DAY)).toEqual(slugs(101 * DAY - 1));
    expect(slugs(100 * DAY)).not.toEqual(slugs(101 * DAY));
  });

  it('makes do with what there is', () => {
    expect(guidesOfTheDay([], 0)).toEqual([]);
    expect(guidesOfTheDay(guides.slice(0, 1), 5 * DAY)).toHaveLength(1);
  });
});

describe('latestSession', () => {
  const session = (id: string, said: boolean): Session => ({
    id,
    createdAt: '',
    lastActiveAt: '',
    title: '',
    lastMessage: said ? aMessage() : null,
  });

  it('passes over conversations in which nothing was said', () => {
    expect(latestSession([session('a', false), session('b', true)])?.id).toBe('b');
    expect(latestSession([session('a', false)])).toBeUndefined();
  });
});

describe('subjectOf', () => {
  const session = (title: string, role: 'user' | 'assistant', text: string): Session => ({
    id: 'a',
    createdAt: '',
    lastActiveAt: '',
    title,
    lastMessage: aMessage({ role, text }),
  });

  it.each([
    ['The tap drips', 'assistant', 'The tap drips', 'The tap drips'],
    ['The tap drips', 'user', 'Thank you', 'The tap drips'],
    ['The tap drips', 'user', 'The tap drips', ''],
    ['The tap dr…', 'user', 'The tap drips', ''],
  ] as const)('%j, %s: %j', (title, role, text, want) => {
    expect(subjectOf(session(title, role, text))).toBe(want);
  });
});

describe('yearlySaving', () => {
  const plan = (name: Plan['plan'], amount: number, currency = 'eur'): Plan => ({
    plan: name,
    amount,
    currency,
    interval: name,
  });

  it.each([
    [[plan('month', 900), plan('year', 9000)], 17],
    [[plan('month', 900), plan('year', 10800)], 0],
    [[plan('month', 900), plan('year', 12000)], 0],
    [[plan('month', 900), plan('year', 9000, 'sek')], 0],
    [[plan('month', 0), plan('year', 9000)], 0],
    [[plan('month', 900)], 0],
    [[], 0],
  ])('%j saves %i %%', (plans, want) => {
    expect(yearlySaving(plans)).toBe(want);
  });
});
