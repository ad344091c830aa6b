import { MINUS, MISS, POINT, QUOTE, ZERO } from './bytes';
import { IntTarget } from './number';

const DAY_MS: i32 = 86_400_000;
const NO_DAY: i32 = i32.MIN_VALUE;
/** `01` */
const FIRST_DAY: u64 = 0x3130;

/** Where timestamps are put: as a whole, and as a day and the milliseconds of that day, UTC. */
@unmanaged
export class TimestampTarget {
  values: usize;
  days: usize;
  millis: usize;
  /** The month that was read last: the day before its first one, its bytes, and how many days it has. */
  dayBefore: i32;
  monthBytes: u64;
  daysInMonth: i32;
  minimum: f64;
  maximum: f64;

  /**
   * Reads an ISO 8601 timestamp that is written as JavaScript writes it, `2026-02-28T23:59:59.999Z"`, behind
   * its quote, eight bytes at a time: `YYYY-MM-`, `DDTHH:MM`, `:SS.mmmZ`.
   */
  @inline
  read(start: i32, row: i32): i32 {
    const month = load<u64>(start);
    const time = load<u64>(start, 8);
    const rest = load<u64>(start, 16);
    // Digits have a high half of 3, and still have it when 6 is added.
    const unexpected =
      ((time & 0xf0f0fff0f0fff0f0) ^ 0x30303a3030543030) |
      (((time + 0x0606000606000606) & 0xf0f0fff0f0fff0f0) ^ 0x30303a3030543030) |
      ((rest & 0xfff0f0f0fff0f0ff) ^ 0x5a3030302e30303a) |
      (((rest + 0x0006060600060600) & 0xfff0f0f0fff0f0ff) ^ 0x5a3030302e30303a);
    if (unexpected != 0) return MISS;
    if (load<u8>(start, 24) != QUOTE) return MISS;
    // Records of a file are mostly of a month or two.
    if (month != this.monthBytes) return MISS;
    // In each byte ten times its digit and the next one.
    const times = (time & 0x0f0f000f0f000f0f) * 10 + ((time >> 8) & 0x000f0f000f0f000f);
    const dayOfMonth = (<i32>times) & 0xff;
    if (dayOfMonth < 1 || dayOfMonth > this.daysInMonth) return MISS;
    const day = this.dayBefore + dayOfMonth;
    const rests = (rest & 0x000f0f0f000f0f00) * 10 + ((rest >> 8) & 0x00000f0f0f000f0f);
    const hour = (<i32>(times >> 24)) & 0xff;
    const minute = (<i32>(times >> 48)) & 0xff;
    const second = (<i32>(rests >> 8)) & 0xff;
    if (hour > 23 || minute > 59 || second > 59) return MISS;
    const thousandths = ((<i32>(rests >> 32)) & 0xff) * 10 + ((<i32>(rest >> 48)) & 15);
    const millis = ((hour * 60 + minute) * 60 + second) * 1000 + thousandths;
    const instant = <f64>day * DAY_MS + <f64>millis;
    store<f64>(this.values + (row << 3), instant);
    store<i32>(this.days + (row << 2), day);
    store<i32>(this.millis + (row << 2), millis);
    if (instant < this.minimum) return MISS;
    if (instant > this.maximum) return MISS;
    return start + 25;
  }

  /** Whether these bytes are a month that was not the last. */
  takeMonth(month: u64): bool {
    if (month == this.monthBytes) return false;
    const first = dayOf(month, FIRST_DAY);
    if (first == NO_DAY) return false;
    this.dayBefore = first - 1;
    this.monthBytes = month;
    this.daysInMonth = daysIn(yearOf(month), monthOf(month));
    return true;
  }

  /** Reads an ISO 8601 timestamp with or without a fraction, and with any offset. */
  readAny(quote: i32, row: i32): i32 {
    if (load<u8>(quote) != QUOTE) return MISS;
    if (this.takeMonth(load<u64>(quote, 1))) {
      const behind = this.read(quote + 1, row);
      if (behind >= 0) return behind;
    }
    let day = dayOf(load<u64>(quote, 1), load<u16>(quote, 9));
    const separator = load<u8>(quote, 11);
    if (day == NO_DAY || (separator != 0x54 && separator != 0x20)) return MISS;
    const hour = twoDigits(quote + 12);
    const minute = twoDigits(quote + 15);
    const second = twoDigits(quote + 18);
    if (load<u8>(quote, 14) != 0x3a || load<u8>(quote, 17) != 0x3a) return MISS;
    if (hour > 23 || minute > 59 || second > 59) return MISS;
    let millis = ((hour * 60 + minute) * 60 + second) * 1000;
    let at = quote + 20;
    if (load<u8>(at) == POINT) {
      const first = ++at;
      let unit = 100;
      for (let digit: u32; (digit = load<u8>(at) - ZERO) <= 9; at++) {
        millis += digit * unit;
        unit /= 10;
      }
      const digits = at - first;
      if (digits < 1 || digits > 9) return MISS;
    }
    const zone = load<u8>(at);
    at++;
    if (zone != 0x5a) {
      const hours = twoDigits(at);
      const minutes = twoDigits(at + 3);
      if ((zone != 0x2b && zone != MINUS) || load<u8>(at, 2) != 0x3a) return MISS;
      if (hours > 23 || minutes > 59) return MISS;
      const offset = (hours * 60 + minutes) * 60_000;
      millis += zone == MINUS ? offset : -offset;
      if (millis < 0) {
        millis += DAY_MS;
        day--;
      } else if (millis >= DAY_MS) {
        millis -= DAY_MS;
        day++;
      }
      at += 5;
    }
    if (load<u8>(at) != QUOTE) return MISS;
    return this.take(day, millis, row) ? at + 1 : MISS;
  }

  @inline
  take(day: i32, millis: i32, row: i32): bool {
    const time = <f64>day * DAY_MS + <f64>millis;
    store<f64>(this.values + (row << 3), time);
    store<i32>(this.days + (row << 2), day);
    store<i32>(this.millis + (row << 2), millis);
    return time >= this.minimum && time <= this.maximum;
  }
}

/** Reads an ISO 8601 date, `"2026-02-28"`, as days since the epoch. */
export function readDate(target: IntTarget, quote: i32, row: i32): i32 {
  if (load<u8>(quote) != QUOTE || load<u8>(quote, 11) != QUOTE) return MISS;
  const day = dayOf(load<u64>(quote, 1), load<u16>(quote, 9));
  return day != NO_DAY && target.take(day, row) ? quote + 12 : MISS;
}

/** The number of two digits, or 100. */
function twoDigits(at: i32): i32 {
  const tens = <u32>(load<u8>(at) - ZERO);
  const units = <u32>(load<u8>(at, 1) - ZERO);
  return tens > 9 || units > 9 ? 100 : tens * 10 + units;
}

/** The days since the epoch of `YYYY-MM-` and `DD`; NO_DAY where the calendar has no such day. */
function dayOf(month: u64, dayBytes: u64): i32 {
  const unexpected =
    ((month & 0xfff0f0fff0f0f0f0) ^ 0x2d30302d30303030) |
    (((month + 0x0006060006060606) & 0xfff0f0fff0f0f0f0) ^ 0x2d30302d30303030) |
    ((dayBytes & 0xf0f0) ^ 0x3030) |
    (((dayBytes + 0x0606) & 0xf0f0) ^ 0x3030);
  if (unexpected != 0) return NO_DAY;
  const y = yearOf(month);
  const m = monthOf(month);
  const d = <i32>((dayBytes & 15) * 10 + ((dayBytes >> 8) & 15));
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return NO_DAY;
  return daysFromCivil(y, m, d);
}

function yearOf(month: u64): i32 {
  return <i32>(
    ((month & 15) * 1000 +
      ((month >> 8) & 15) * 100 +
      ((month >> 16) & 15) * 10 +
      ((month >> 24) & 15))
  );
}

function monthOf(month: u64): i32 {
  return <i32>(((month >> 40) & 15) * 10 + ((month >> 48) & 15));
}

function daysIn(year: i32, month: i32): i32 {
  if (month == 2) return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/**
 * Days since the epoch of a day in the Gregorian calendar, years 0 to 9999. The year is counted
 * from March, so that the leap day is its last and the lengths of months follow (153 m + 2) / 5.
 */
function daysFromCivil(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year + 399 : year + 400;
  const m = month <= 2 ? month + 9 : month - 3;
  const inYear = (153 * m + 2) / 5 + day - 1;
  return y * 365 + (y >> 2) - y / 100 + y / 400 + inYear - 719468 - 146097;
}
