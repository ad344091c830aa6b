import { formatDate, parseDate } from '@saleslake/shared/contract/timestamp';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';

/** Days as YYYY-MM-DD, UTC, both of them in it. */
export interface DayRange {
  from: string;
  to: string;
}

/** @throws SaleslakeError naming what is no day, or a range that ends before it begins. */
export function dayRange(from: string, to: string): DayRange {
  for (const day of [from, to]) checkDay(day);
  if (to < from) {
    throw new SaleslakeError('BadRange', `The range ends on ${to}, before it begins on ${from}.`);
  }
  return { from, to };
}

/** @throws SaleslakeError where it is no day of the calendar, written YYYY-MM-DD. */
export function checkDay(day: string): string {
  if (parseDate(day) === undefined) {
    throw new SaleslakeError(
      'BadDay',
      `${JSON.stringify(day)} is no day; expected YYYY-MM-DD, such as 2026-03-01.`,
    );
  }
  return day;
}

/** Each day of the range, the first first. */
export function daysOf({ from, to }: DayRange): string[] {
  const [first = 0, last = -1] = [parseDate(from), parseDate(to)];
  return Array.from({ length: last - first + 1 }, (_, index) => formatDate(first + index));
}
