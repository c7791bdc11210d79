/** Times of day, as the clocks on the wall here have them. */

const DAY_MS = 86_400_000;

/** The next moment at which it is so late here, `20:00` or `20:00:30`; ms since 1970. undefined: no time of day. */
export function nextAt(text: string, now: number): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim()) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const date = new Date(now);
  date.setHours(Number(hours), Number(minutes), Number(seconds), 0);
  // A day is not always of twenty-four hours.
  if (date.getTime() <= now) date.setDate(date.getDate() + 1);
  return date.getTime();
}

/** `20:00:30` */
export function dayTimeText(ms: number): string {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Nothing today, `tomorrow`, else how many days ahead. */
export function dayText(ms: number, now: number): string {
  const [then, today] = [ms, now].map((each) => new Date(each).setHours(0, 0, 0, 0)) as [number, number];
  const days = Math.round((then - today) / DAY_MS);
  return days <= 0 ? '' : days === 1 ? 'tomorrow' : `in ${days} days`;
}
