import { parseTimestamp } from '@saleslake/shared/contract/timestamp';

/** Reads a JSON value as milliseconds since the epoch; undefined where it is no such timestamp. */
export type ReadTimestamp = (value: unknown) => number | undefined;

// Seconds until the year 5138, and milliseconds from 1973 on, for numbers that do not say.
const FIRST_MILLISECONDS = 100_000_000_000;

/**
 * The formats of the OpenX JSON SerDe: ISO 8601 in UTC, `yyyy-[M]M-[d]d HH:mm:ss[.S]`, and seconds,
 * with or without a fraction, or milliseconds since the epoch.
 * https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-concepts.html
 */
export const readOpenXTimestamp: ReadTimestamp = (value) => {
  const number = typeof value === 'string' ? numberOf(value) : value;
  if (typeof number === 'number') {
    return Math.trunc(Math.abs(number) < FIRST_MILLISECONDS ? number * 1000 : number);
  }
  if (typeof value !== 'string') return undefined;
  return /^.{10}T.*Z$/.test(value) ? parseTimestamp(value) : readSqlTimestamp(value);
};

/**
 * The timestamps of the Hive JSON SerDe: of one of the Joda-Time formats, `millis` among them, or
 * what java.sql.Timestamp takes where there are none.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_HiveJsonSerDe.html
 * Throws RangeError for a format that the local AWS does not read.
 */
export function hiveTimestamps(formats: readonly string[]): ReadTimestamp {
  const readers = formats.length === 0 ? [readSqlTimestamp] : formats.map(compileFormat);
  return (value) => {
    for (const read of readers) {
      const time = read(value);
      if (time !== undefined) return time;
    }
    return undefined;
  };
}

/** https://docs.oracle.com/javase/8/docs/api/java/sql/Timestamp.html#valueOf-java.lang.String- */
const readSqlTimestamp: ReadTimestamp = (value) => {
  if (typeof value !== 'string') return undefined;
  const [, year, month = '', day = '', rest] =
    /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)$/.exec(value) ?? [];
  if (year === undefined) return undefined;
  return parseTimestamp(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${rest}Z`);
};

const readMilliseconds: ReadTimestamp = (value) => {
  const number = typeof value === 'string' ? numberOf(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
};

function numberOf(text: string): number | undefined {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  offsetMinutes: number;
}

/** What a letter matches, and what that sets. */
const LETTERS: Record<string, { matches: string; set: (fields: Fields, text: string) => void }> = {
  y: { matches: '\\d{4}', set: (fields, text) => (fields.year = Number(text)) },
  M: { matches: '\\d{1,2}', set: (fields, text) => (fields.month = Number(text)) },
  d: { matches: '\\d{1,2}', set: (fields, text) => (fields.day = Number(text)) },
  H: { matches: '\\d{1,2}', set: (fields, text) => (fields.hour = Number(text)) },
  m: { matches: '\\d{1,2}', set: (fields, text) => (fields.minute = Number(text)) },
  s: { matches: '\\d{1,2}', set: (fields, text) => (fields.second = Number(text)) },
  S: {
    matches: '\\d{1,9}',
    set: (fields, text) => (fields.millisecond = Number(text.slice(0, 3).padEnd(3, '0'))),
  },
  Z: {
    matches: 'Z|[+-]\\d{2}:?\\d{2}',
    set(fields, text) {
      const digits = text.replace(/\D/g, '');
      const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
      fields.offsetMinutes = text.startsWith('-') ? -minutes : minutes;
    },
  },
};

/** https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html */
function compileFormat(format: string): ReadTimestamp {
  if (format === 'millis') return readMilliseconds;
  const setters: ((fields: Fields, text: string) => void)[] = [];
  const source = [...format.matchAll(/([A-Za-z])\1*|'((?:[^']|'')*)'|[^]/g)].map(
    ([token, letter, quoted]) => {
      if (quoted !== undefined) return escaped(token === "''" ? "'" : quoted.replaceAll("''", "'"));
      if (letter === undefined) return escaped(token);
      const known = Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : undefined;
      if (!known || (letter === 'M' && token.length > 2) || token === 'yy') {
        throw new RangeError(
          `The timestamp format ${format} has ${token}; ` +
            'the local AWS reads yyyy MM dd HH mm ss S Z, quoted text, and millis.',
        );
      }
      setters.push(known.set);
      return `(${known.matches})`;
    },
  );
  const pattern = new RegExp(`^${source.join('')}$`);
  return (value) => {
    const match = typeof value === 'string' ? pattern.exec(value) : null;
    if (!match) return undefined;
    const fields: Fields = {
      year: 1970,
      month: 1,
      day: 1,
      hour: 0,
      minute: 0,
      second: 0,
      millisecond: 0,
      offsetMinutes: 0,
    };
    for (const [i, set] of setters.entries()) set(fields, match[i + 1] ?? '');
    return timeOf(fields);
  };
}

function timeOf(fields: Fields): number | undefined {
  const { year, month, day, hour, minute, second, millisecond } = fields;
  const time = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  const date = new Date(time);
  // What the calendar or the clock does not have rolls over.
  const same =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return same ? time - fields.offsetMinutes * 60_000 : undefined;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
