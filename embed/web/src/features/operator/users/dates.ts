/** The day so many days after a moment, as a date field has it, in the reader's own time zone. */
export function inDays(now: number, days: number): string {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last second of a day of a date field, in the reader's own time zone; null for no day. */
export function endOfDay(day: string): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts) return null;
  const [year = 0, month = 0, date = 0] = parts.slice(1).map(Number);
  const end = new Date(year, month - 1, date, 23, 59, 59);
  // A date field has no such days, but an old browser shows a field of text in its place.
  return end.getMonth() === month - 1 ? end.toISOString() : null;
}
