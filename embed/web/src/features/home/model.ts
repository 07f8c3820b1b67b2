import type { GuideSummary, Plan, Session } from '@/api';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Three guides of different categories, others on the next day. All devices show the same ones on
 * a day, and who comes back daily gets through all of them.
 */
export function guidesOfTheDay(guides: readonly GuideSummary[], now: number): GuideSummary[] {
  if (guides.length === 0) return [];
  const day = Math.floor(now / DAY);
  const third = Math.ceil(guides.length / 3);
  const picked: GuideSummary[] = [];
  for (let part = 0; part < 3; part++) {
    // A third of the list each, from the day's place on; neighbours in the list are alike.
    const start = part * third + (day % third);
    const turned = [...guides.slice(start), ...guides.slice(0, start)];
    const next = turned.find((g) => picked.every((p) => p.category !== g.category));
    if (next) picked.push(next);
  }
  return picked;
}

/** The conversation that was going on: the latest in which something was said. */
export function latestSession(sessions: readonly Session[]): Session | undefined {
  return sessions.find((s) => s.lastMessage !== null);
}

/** What a conversation is called; empty where its last line says the same already. */
export function subjectOf({ title, lastMessage }: Session): string {
  const begins = title.replace(/…$/, '');
  return lastMessage?.role === 'user' && lastMessage.text.startsWith(begins) ? '' : title;
}

/** What a year costs less than twelve months, in percent; 0 where it cannot be said. */
export function yearlySaving(plans: readonly Plan[]): number {
  const month = plans.find((p) => p.plan === 'month');
  const year = plans.find((p) => p.plan === 'year');
  if (!month?.amount || month.currency !== year?.currency) return 0;
  return Math.max(0, Math.round((1 - year.amount / (12 * month.amount)) * 100));
}
