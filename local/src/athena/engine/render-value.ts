import { DuckDBTypeId, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import type { ResultColumn } from '../query-engine';

/** Writes one value of a column as Athena does. The value is not NULL. */
export type Render = (value: DuckDBValue) => string;

/**
 * How the values of a type are written.
 * https://docs.aws.amazon.com/athena/latest/ug/data-types.html and Trino's casts to varchar.
 */
export function renderer(type: DuckDBType): Render {
  switch (type.typeId) {
    case DuckDBTypeId.DOUBLE:
      return (value) => javaDouble(value as number);
    case DuckDBTypeId.FLOAT:
      return (value) => javaFloat(value as number);
    case DuckDBTypeId.TIMESTAMP:
      return timestampOfMicros;
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_NS:
      return timestamp;
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (value) => `${timestampOfMicros(value)} UTC`;
    case DuckDBTypeId.DECIMAL:
      return decimal(type.scale);
    case DuckDBTypeId.TIME:
      return (value) => clockTime((value as unknown as { micros: bigint }).micros);
    case DuckDBTypeId.BLOB:
      return (value) => hexPairs((value as unknown as { bytes: Uint8Array }).bytes);
    case DuckDBTypeId.INTERVAL:
      return (value) => interval(value as unknown as Interval);
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY: {
      const element = nullable(type.valueType);
      return (value) => {
        const { items } = value as unknown as { items: readonly DuckDBValue[] };
        return `[${items.map(element).join(', ')}]`;
      };
    }
    case DuckDBTypeId.MAP: {
      const { keyType, valueType } = type;
      const key = nullable(keyType);
      const of = nullable(valueType);
      return (value) => {
        const { entries } = value as unknown as {
          entries: readonly { key: DuckDBValue; value: DuckDBValue }[];
        };
        return `{${entries.map((entry) => `${key(entry.key)}=${of(entry.value)}`).join(', ')}}`;
      };
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type;
      const fields = entryTypes.map((entryType, i) => ({
        name: entryNames[i] ?? '',
        render: nullable(entryType),
      }));
      return (value) => {
        const { entries } = value as unknown as { entries: Record<string, DuckDBValue> };
        const shown = fields.map(({ name, render }) => `${name}=${render(entries[name] ?? null)}`);
        return `{${shown.join(', ')}}`;
      };
    }
    default:
      return (value) => String(value);
  }
}

function nullable(type: DuckDBType): Render {
  const render = renderer(type);
  return (value) => (value === null ? 'null' : render(value));
}

/** What Athena says of a result's column. https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html */
export function resultColumn(name: string, type: DuckDBType): ResultColumn {
  const [athenaType, precision, scale] = describe(type);
  return { name: name.toLowerCase(), type: athenaType, precision, scale };
}

function describe(type: DuckDBType): [string, number, number] {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return ['boolean', 0, 0];
    case DuckDBTypeId.TINYINT:
      return ['tinyint', 3, 0];
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.UTINYINT:
      return ['smallint', 5, 0];
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.USMALLINT:
      return ['integer', 10, 0];
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      // HUGEINT is what DuckDB sums integers to, where Trino stays with bigint.
      return ['bigint', 19, 0];
    case DuckDBTypeId.FLOAT:
      return ['float', 17, 0];
    case DuckDBTypeId.DOUBLE:
      return ['double', 17, 0];
    case DuckDBTypeId.DECIMAL: {
      const { width, scale } = type;
      return ['decimal', width, scale];
    }
    case DuckDBTypeId.DATE:
      return ['date', 0, 0];
    case DuckDBTypeId.TIME:
      return ['time', 3, 0];
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_NS:
      return ['timestamp', 3, 0];
    case DuckDBTypeId.TIMESTAMP_TZ:
      return ['timestamp with time zone', 3, 0];
    case DuckDBTypeId.INTERVAL:
      return ['interval day to second', 0, 0];
    case DuckDBTypeId.BLOB:
      return ['varbinary', 1073741824, 0];
    case DuckDBTypeId.UUID:
      return ['uuid', 0, 0];
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return ['array', 0, 0];
    case DuckDBTypeId.MAP:
      return ['map', 0, 0];
    case DuckDBTypeId.STRUCT:
      return ['row', 0, 0];
    case DuckDBTypeId.SQLNULL:
      return ['unknown', 0, 0];
    default:
      return [type.alias === 'JSON' ? 'json' : 'varchar', 2147483647, 0];
  }
}

/** As Java's Double.toString: plain from 1e-3 up to 1e7, else with an exponent `E`. */
export function javaDouble(value: number): string {
  return javaNumber(
    value,
    (n) => n.toString(),
    (n) => n.toExponential(),
  );
}

function javaFloat(value: number): string {
  // The fewest digits that still give the same 32-bit float.
  const shortest = (n: number): string => {
    for (let digits = 1; digits < 9; digits++) {
      const text = n.toExponential(digits - 1);
      if (Math.fround(Number(text)) === n) return text;
    }
    return n.toExponential(8);
  };
  return javaNumber(value, (n) => Number(shortest(n)).toString(), shortest);
}

function javaNumber(
  value: number,
  plain: (n: number) => string,
  exponential: (n: number) => string,
): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = plain(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const [mantissa = '', exponent = ''] = exponential(value).split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

// Of the years 1 to 9999, which have four digits in ISO 8601 too.
const FIRST_MILLIS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MILLIS = Date.UTC(10_000, 0, 1);

/** Results have many of these, and most are of our time. */
function timestampOfMicros(value: DuckDBValue): string {
  const { micros } = value as unknown as { micros: bigint };
  const millis = Math.floor(Number(micros) / 1000);
  if (!(millis >= FIRST_MILLIS && millis < LAST_MILLIS)) return timestamp(value);
  const text = new Date(millis).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 23)}`;
}

/** As many digits after the point as the type has. */
function decimal(scale: number): Render {
  return (of) => {
    const { value } = of as unknown as { value: bigint };
    const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
    const sign = value < 0n ? '-' : '';
    if (scale === 0) return sign + digits;
    return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  };
}

function timestamp(value: DuckDBValue): string {
  // `2025-01-01 00:00:00`, with a fraction where there is one, and `+00` with a zone.
  const [, seconds = '', fraction = ''] = /^(.*?:\d\d:\d\d)(?:\.(\d+))?/.exec(String(value)) ?? [];
  return seconds === '' ? String(value) : `${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}`;
}

function clockTime(micros: bigint): string {
  const millis = micros / 1000n;
  const two = (n: bigint): string => String(n).padStart(2, '0');
  const clock = [millis / 3_600_000n, (millis / 60_000n) % 60n, (millis / 1000n) % 60n].map(two);
  return `${clock.join(':')}.${String(millis % 1000n).padStart(3, '0')}`;
}

function hexPairs(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

interface Interval {
  months: number;
  days: number;
  micros: bigint;
}

/** `1-2` for years and months, `1 02:03:04.000` for days and time. */
function interval({ months, days, micros }: Interval): string {
  if (months !== 0 && days === 0 && micros === 0n) {
    const size = Math.abs(months);
    return `${months < 0 ? '-' : ''}${Math.floor(size / 12)}-${size % 12}`;
  }
  const total = BigInt(days) * 86_400_000_000n + micros;
  const size = total < 0n ? -total : total;
  const day = 86_400_000_000n;
  return `${total < 0n ? '-' : ''}${size / day} ${clockTime(size % day)}`;
}
