/** Formats a time, in milliseconds since the epoch, as a clock in a time zone shows it. */
export type TimeFormat = (time: number, timeZone: string) => string;

/** A date whose UTC fields are what a clock in the zone shows. */
type LocalTime = Date;

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

interface Letter {
  /** The most letters in a row that Java takes. */
  most: number;
  format(time: LocalTime, count: number): string;
}

const numeric = (most: number, value: (time: LocalTime) => number): Letter => ({
  most,
  format: (time, count) => String(value(time)).padStart(count, '0'),
});

const year = (value: (time: LocalTime) => number): Letter => ({
  most: 19,
  // Two letters are the one reduced form: https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html
  format: (time, count) =>
    count === 2
      ? String(value(time) % 100).padStart(2, '0')
      : String(value(time)).padStart(count, '0'),
});

const named = (names: string[], index: (time: LocalTime) => number): Letter['format'] => {
  return (time, count) => {
    const name = names[index(time)] ?? '';
    if (count === 4) return name;
    return name.slice(0, count === 5 ? 1 : 3);
  };
};

const month: Letter = {
  most: 5,
  format: (time, count) =>
    count <= 2
      ? String(time.getUTCMonth() + 1).padStart(count, '0')
      : named(MONTHS, (at) => at.getUTCMonth())(time, count),
};

const calendarYear = year((time) => time.getUTCFullYear());

const LETTERS: Record<string, Letter> = {
  y: calendarYear,
  u: calendarYear,
  Y: year((time) => saturdayOf(time).getUTCFullYear()),
  M: month,
  L: month,
  d: numeric(2, (time) => time.getUTCDate()),
  D: numeric(3, dayOfYear),
  w: numeric(2, (time) => Math.ceil(dayOfYear(saturdayOf(time)) / 7)),
  H: numeric(2, (time) => time.getUTCHours()),
  k: numeric(2, (time) => time.getUTCHours() || 24),
  K: numeric(2, (time) => time.getUTCHours() % 12),
  h: numeric(2, (time) => time.getUTCHours() % 12 || 12),
  m: numeric(2, (time) => time.getUTCMinutes()),
  s: numeric(2, (time) => time.getUTCSeconds()),
  S: {
    most: 9,
    format: (time, count) =>
      String(time.getUTCMilliseconds()).padStart(3, '0').padEnd(9, '0').slice(0, count),
  },
  E: { most: 5, format: named(DAYS, (time) => time.getUTCDay()) },
  a: { most: 1, format: (time) => (time.getUTCHours() < 12 ? 'AM' : 'PM') },
};

/** Letters in a row, a quoted text ('' is a quote), or one other character. */
const TOKEN = /([A-Za-z])\1*|'((?:[^']|'')*)'|[^]/g;

/**
 * Compiles a pattern of Java's DateTimeFormatter: the letters y u Y M L d D w E a H k K h m s S in
 * the US locale, quoted text, and other characters as they stand. `Y` is the year of the week, as
 * in Java: around New Year it is not the year.
 * https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html
 * Throws RangeError for what Java refuses, and for letters beyond these.
 */
export function compileTimeFormat(pattern: string): TimeFormat {
  const parts = [...pattern.matchAll(TOKEN)].map(([token, letter, quoted]) => {
    if (quoted !== undefined) {
      const text = token === "''" ? "'" : quoted.replaceAll("''", "'");
      return () => text;
    }
    if (letter !== undefined) return letterFormat(letter, token.length, pattern);
    if ("'[]{}#".includes(token)) {
      throw new RangeError(`The date and time pattern ${pattern} has ${token} outside quotes.`);
    }
    return () => token;
  });
  return (time, timeZone) => {
    const local = localTime(time, timeZone);
    return parts.map((part) => part(local)).join('');
  };
}

function letterFormat(letter: string, count: number, pattern: string): (time: LocalTime) => string {
  const known = Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : undefined;
  if (!known) {
    throw new RangeError(
      `The date and time pattern ${pattern} has the letter ${letter}; ` +
        `the local AWS knows ${Object.keys(LETTERS).join(' ')}.`,
    );
  }
  if (count > known.most) {
    throw new RangeError(
      `The date and time pattern ${pattern} has ${count} times ${letter}; at most ${known.most}.`,
    );
  }
  return (time) => known.format(time, count);
}

function dayOfYear(time: LocalTime): number {
  return Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0)) / 86_400_000) + 1;
}

/** US weeks begin on Sunday, and the first of a year is the one with January 1. */
function saturdayOf(time: LocalTime): LocalTime {
  return new Date(time.getTime() + (6 - time.getUTCDay()) * 86_400_000);
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>();

/** Throws RangeError for an unknown time zone. */
export function checkTimeZone(timeZone: string): void {
  zoneFormat(timeZone);
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  let format = zoneFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    zoneFormats.set(timeZone, format);
  }
  return format;
}

function localTime(time: number, timeZone: string): LocalTime {
  if (timeZone === 'UTC') return new Date(time);
  const parts = zoneFormat(timeZone).formatToParts(time);
  const field = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  const millisecond = ((time % 1000) + 1000) % 1000;
  return new Date(
    Date.UTC(
      field('year'),
      field('month') - 1,
      field('day'),
      field('hour'),
      field('minute'),
      field('second'),
      millisecond,
    ),
  );
}
