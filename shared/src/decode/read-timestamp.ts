import { source } from './byte-source';
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
// `Z"`, as two bytes read at once.
const NO_DAY = -(2 ** 31);
const Z_AND_QUOTE = 0x225a;

/** Where timestamps are put: as a whole, and as a day and the milliseconds of that day, UTC. */
export interface TimestampTarget {
  values: Float64Array;
  days: Int32Array;
  millis: Int32Array;
  minimum: number;
  maximum: number;
}

export const { readDate, readTimestamp } = createTimeReaders();

function createTimeReaders() {
  const { bytes, view } = source;

  /** Reads an ISO 8601 date, `"2026-02-28"`, and takes it as days since the epoch. */
  function readDate(at: number, take: (day: number) => boolean): number {
    const day = readDay(at);
    return day !== NO_DAY && bytes[at + 11] === QUOTE && take(day) ? at + 12 : MISS;
  }

  /**
   * Reads an ISO 8601 timestamp with an offset. As ValueReader. What is written as JavaScript writes
   * it, `"2026-02-28T23:59:59.999Z"`, is read four bytes at a time: `HH:M`, `M:SS`, `.mmm`.
   */
  function readTimestamp(target: TimestampTarget, start: number, row: number): number {
    const hours = view.getInt32(start + 12, true);
    const seconds = view.getInt32(start + 16, true);
    const thousandths = view.getInt32(start + 20, true);
    // Digits have a high half of 3, and still have it when 6 is added.
    const unexpected =
      ((hours & 0xf0fff0f0) ^ 0x303a3030) |
      (((hours + 0x06000606) & 0xf0fff0f0) ^ 0x303a3030) |
      ((seconds & 0xf0f0fff0) ^ 0x30303a30) |
      (((seconds + 0x06060006) & 0xf0f0fff0) ^ 0x30303a30) |
      ((thousandths & 0xf0f0f0ff) ^ 0x3030302e) |
      (((thousandths + 0x06060600) & 0xf0f0f0ff) ^ 0x3030302e) |
      (view.getInt16(start + 24, true) ^ Z_AND_QUOTE);
    if (unexpected !== 0) return readAnyTimestamp(target, start, row);
    const day = readDay(start);
    if (day === NO_DAY || !isSeparator(bytes[start + 11])) return MISS;
    const hour = (hours & 15) * 10 + ((hours >> 8) & 15);
    const minute = ((hours >> 24) & 15) * 10 + (seconds & 15);
    const second = ((seconds >> 16) & 15) * 10 + ((seconds >> 24) & 15);
    if (hour > 23 || minute > 59 || second > 59) return MISS;
    const fraction =
      ((thousandths >> 8) & 15) * 100 +
      ((thousandths >> 16) & 15) * 10 +
      ((thousandths >> 24) & 15);
    const millis = ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
    return takeTime(target, day, millis, row) ? start + 26 : MISS;
  }

  /** Reads a timestamp with or without a fraction, and with any offset. */
  function readAnyTimestamp(target: TimestampTarget, start: number, row: number): number {
    let day = readDay(start);
    if (day === NO_DAY || !isSeparator(bytes[start + 11])) return MISS;
    const hour = twoDigits(start + 12);
    const minute = twoDigits(start + 15);
    const second = twoDigits(start + 18);
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
      const hours = twoDigits(at);
      const minutes = twoDigits(at + 3);
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
    return takeTime(target, day, millis, row) ? at + 1 : MISS;
  }

  function isSeparator(byte: number | undefined): boolean {
    return byte === LETTER_T || byte === SPACE;
  }

  function takeTime(target: TimestampTarget, day: number, millis: number, row: number): boolean {
    const time = day * DAY_MS + millis;
    target.values[row] = time;
    target.days[row] = day;
    target.millis[row] = millis;
    return time >= target.minimum && time <= target.maximum;
  }

  /** The number of two digits, or 100. */
  function twoDigits(at: number): number {
    const tens = bytes[at]! - 0x30;
    const units = bytes[at + 1]! - 0x30;
    return tens >>> 0 > 9 || units >>> 0 > 9 ? 100 : tens * 10 + units;
  }

  // Dates that were read, by their bytes: three words from the quote on, and the day.
  const DATES = 64;
  const dates = new Int32Array(DATES * 4);

  /**
   * The days since the epoch of `"YYYY-MM-DD`, or NO_DAY where the quote is missing or the calendar
   * has no such day. Records have few days between them.
   */
  function readDay(quote: number): number {
    const first = view.getInt32(quote, true);
    const second = view.getInt32(quote + 4, true);
    const third = view.getInt32(quote + 8, true);
    const place = Math.imul(third ^ Math.imul(second, 0x85ebca77), 0x9e3779b1) >>> 26;
    const at = place * 4;
    if (dates[at] === first && dates[at + 1] === second && dates[at + 2] === third) {
      return dates[at + 3]!;
    }
    if ((first & 0xff) !== QUOTE) return NO_DAY;
    const day = dayOfText(
      view.getInt32(quote + 1, true),
      view.getInt32(quote + 5, true),
      view.getInt16(quote + 9, true),
    );
    // No date begins with the zeros that the places have first.
    if (day !== NO_DAY) {
      dates[at] = first;
      dates[at + 1] = second;
      dates[at + 2] = third;
      dates[at + 3] = day;
    }
    return day;
  }

  return { readDate, readTimestamp };
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
