import { describe, expect, it } from 'vitest';
import { endOfDay, inDays } from './dates';

describe('inDays', () => {
  it('counts days in the reader’s own time zone, over the end of a month', () => {
    expect(inDays(new Date(2027, 0, 31, 23, 30).getTime(), 1)).toBe('2027-02-01');
    expect(inDays(new Date(2026, 11, 30).getTime(), 3)).toBe('2027-01-02');
  });
});

describe('endOfDay', () => {
  it('is the last second of the day there', () => {
    expect(endOfDay('2027-02-28')).toBe(new Date(2027, 1, 28, 23, 59, 59).toISOString());
  });

  it.each(['', '2027-02-30', '28.02.2027'])('is nothing for %j', (day) => {
    expect(endOfDay(day)).toBeNull();
  });
});
