import type { TimestampPart } from './column';

const DAY_MS = 86_400_000;
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const ISO_TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads an ISO 8601 date (`2026-02-28`) as days since the epoch; undefined where it is no day of
 * the Gregorian calendar.
 */
export function parseDate(text: string): number | undefined {
  const match = ISO_DATE.exec(text);
  return match ? daysTo(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
}

/** Days since the epoch; undefined where the calendar has no such day. */
function daysTo(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  const time = date.setUTCFullYear(year, month - 1, day);
  // A day that the calendar does not have rolls over into the next month.
  return date.getUTCMonth() === month - 1 && day > 0 ? time / DAY_MS : undefined;
}

/** The ISO 8601 text of a date given in days since the epoch. */
export function formatDate(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Reads an ISO 8601 timestamp as milliseconds since the epoch. It must say its offset (`Z` or
 * `+02:00`): a local time without one names no moment. Digits beyond the millisecond are cut off.
 * @returns undefined where the text is no such timestamp.
 */
export function parseTimestamp(text: string): number | undefined {
  const match = ISO_TIMESTAMP.exec(text);
  if (!match) return undefined;
  const [fraction = '', sign, offHours, offMinutes] = match.slice(7);
  const days = daysTo(Number(match[1]), Number(match[2]), Number(match[3]));
  const h = Number(match[4]);
  const m = Number(match[5]);
  const s = Number(match[6]);
  if (days === undefined || h > 23 || m > 59 || s > 59) return undefined;
  let time = days * DAY_MS + ((h * 60 + m) * 60 + s) * 1000;
  time += Number(fraction.slice(0, 3).padEnd(3, '0'));
  if (sign) {
    if (Number(offHours) > 23 || Number(offMinutes) > 59) return undefined;
    const offset = (Number(offHours) * 60 + Number(offMinutes)) * 60_000;
    time += sign === '+' ? -offset : offset;
  }
  return time;
}

/** The ISO 8601 text, in UTC with milliseconds, of a time in milliseconds since the epoch. */
export function formatTimestamp(time: number): string {
  return new Date(time).toISOString();
}

/** A part, in UTC, of a time in milliseconds since the epoch. */
export function timestampPart(time: number, part: TimestampPart): number {
  const date = new Date(time);
  switch (part) {
    case 'year':
      return date.getUTCFullYear();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'hour':
      return date.getUTCHours();
    case 'dayOfWeek':
      return (date.getUTCDay() + 6) % 7;
  }
}
