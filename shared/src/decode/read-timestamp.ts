import { MISS } from './value-reader';

const DAY_MS = 86_400_000;
const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
const SPACE = 0x20;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;

/** Where timestamps are put: as a whole, and as a day and the milliseconds of that day, UTC. */
export interface TimestampTarget {
  values: Float64Array;
  days: Int32Array;
  millis: Int32Array;
  minimum: number;
  maximum: number;
}

/** Reads an ISO 8601 date, `"2026-02-28"`, and takes it as days since the epoch. */
export function readDate(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  take: (day: number) => boolean,
): number {
  if (bytes[at] !== QUOTE || bytes[at + 11] !== QUOTE) return MISS;
  const day = readDay(view, at + 1);
  return day !== NO_DAY && take(day) ? at + 12 : MISS;
}

/** Reads an ISO 8601 timestamp with an offset. As ValueReader. */
export function readTimestamp(
  target: TimestampTarget,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  row: number,
): number {
  if (bytes[start] !== QUOTE) return MISS;
  let day = readDay(view, start + 1);
  const separator = bytes[start + 11];
  if (day === NO_DAY || (separator !== LETTER_T && separator !== SPACE)) return MISS;
  const hour = twoDigits(bytes, start + 12);
  const minute = twoDigits(bytes, start + 15);
  const second = twoDigits(bytes, start + 18);
  if (bytes[start + 14] !== COLON || bytes[start + 17] !== COLON) return MISS;
  if (hour > 23 || minute > 59 || second > 59) return MISS;
  let millis = ((hour * 60 + minute) * 60 + second) * 1000;
  let at = start + 20;
  if (bytes[at] === POINT) {
    const first = ++at;
    let fraction = 0;
    for (let digit; (digit = bytes[at]! - 0x30) >>> 0 <= 9; at++) {
      if (at - first < 3) fraction = fraction * 10 + digit;
    }
    const digits = at - first;
    if (digits < 1 || digits > 9) return MISS;
    millis += digits >= 3 ? fraction : digits === 2 ? fraction * 10 : fraction * 100;
  }
  const zone = bytes[at]!;
  at++;
  if (zone !== LETTER_Z) {
    const hours = twoDigits(bytes, at);
    const minutes = twoDigits(bytes, at + 3);
    if ((zone !== PLUS && zone !== MINUS) || bytes[at + 2] !== COLON) return MISS;
    if (hours > 23 || minutes > 59) return MISS;
    const offset = (hours * 60 + minutes) * 60_000;
    millis += zone === PLUS ? -offset : offset;
    if (millis < 0) {
      millis += DAY_MS;
      day--;
    } else if (millis >= DAY_MS) {
      millis -= DAY_MS;
      day++;
    }
    at += 5;
  }
  if (bytes[at] !== QUOTE) return MISS;
  const time = day * DAY_MS + millis;
  if (!(time >= target.minimum && time <= target.maximum)) return MISS;
  target.values[row] = time;
  target.days[row] = day;
  target.millis[row] = millis;
  return at + 1;
}

/** The number of two digits, or 100. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30;
  const units = bytes[at + 1]! - 0x30;
  return tens >>> 0 > 9 || units >>> 0 > 9 ? 100 : tens * 10 + units;
}

const NO_DAY = -(2 ** 31);

/** The date that was read last, as its bytes, and its day: records next to each other share it. */
const latest = { years: 0, months: 0, days: 0, day: 0 };

/** The days since the epoch of `YYYY-MM-DD`, or NO_DAY where the calendar has no such day. */
function readDay(view: DataView, at: number): number {
  const years = view.getInt32(at, true);
  const months = view.getInt32(at + 4, true);
  const days = view.getInt16(at + 8, true);
  if (years === latest.years && months === latest.months && days === latest.days) {
    return latest.day;
  }
  const day = dayOfText(years, months, days);
  if (day !== NO_DAY) {
    latest.years = years;
    latest.months = months;
    latest.days = days;
    latest.day = day;
  }
  return day;
}

/** Takes four bytes at once: digits have a high half of 3, and still have it when 6 is added. */
function dayOfText(years: number, months: number, days: number): number {
  if (
    ((years & 0xf0f0f0f0) ^ 0x30303030) !== 0 ||
    (((years + 0x06060606) & 0xf0f0f0f0) ^ 0x30303030) !== 0 ||
    ((months & 0xfff0f0ff) ^ 0x2d30302d) !== 0 ||
    (((months + 0x00060600) & 0x00f0f000) ^ 0x00303000) !== 0 ||
    (days & 0xf0f0) !== 0x3030 ||
    ((days + 0x0606) & 0xf0f0) !== 0x3030
  ) {
    return NO_DAY;
  }
  const year =
    (years & 15) * 1000 +
    ((years >> 8) & 15) * 100 +
    ((years >> 16) & 15) * 10 +
    ((years >> 24) & 15);
  const month = ((months >> 8) & 15) * 10 + ((months >> 16) & 15);
  const day = (days & 15) * 10 + ((days >> 8) & 15);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NO_DAY;
  return daysFromCivil(year, month, day);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Days since the epoch of a day in the Gregorian calendar, years 0 to 9999. The year is counted
 * from March, so that the leap day is its last and the lengths of months follow (153 m + 2) / 5.
 */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year + 399 : year + 400;
  const m = month <= 2 ? month + 9 : month - 3;
  const inYear = (((153 * m + 2) / 5) | 0) + day - 1;
  return y * 365 + (y >> 2) - ((y / 100) | 0) + ((y / 400) | 0) + inYear - 719468 - 146097;
}
