import type { Column, TimestampPart } from '../contract/column';
import { columnEntries } from '../contract/table-contract';
import { parseDate, timestampPart } from '../contract/timestamp';
import {
  partitionKeysOf,
  type DeliveredLine,
  type PartitionKeys,
  type StreamedContract,
} from './delivered-line';

/**
 * Makes the delivered line of a parsed JSON value as validateRow and deliveredLine would, in a
 * fraction of the time.
 * @param needsEscapes whether a text in it may need escapes to become JSON again. Where the value's
 * own JSON has no backslash, none does.
 * @returns undefined where the value is not as ordinary as it expects, be it valid or not.
 */
export type QuickLine = (
  value: Record<string, unknown>,
  needsEscapes: boolean,
) => DeliveredLine | undefined;

/** The text of a column's value, without quotes; undefined where it is not ordinary. */
type QuickColumn = (value: unknown, index: number) => string | undefined;

/** What is known of the day of the last timestamp. */
interface Day {
  keys: PartitionKeys;
  parts: Record<Exclude<TimestampPart, 'hour'>, number>;
}

const DAY_MS = 86_400_000;
// A double holds every decimal of up to 15 significant digits apart from its neighbours.
const EXACT = 10 ** 15;
const INT32_MINIMUM = -(2 ** 31);
const INT32_MAXIMUM = 2 ** 31 - 1;
// Of at most 15 digits, where it has at most 16 characters.
const DECIMAL = /^\d+(?:\.\d+)?$/;
const DECIMAL_CHARACTERS = 16;
// Scales up to which the fractions of a decimal are kept as texts.
const FRACTION_TEXTS = 4;
const TIME = /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

/** The quick way of a contract, all of its rules looked up once. */
export function createQuickLine(contract: StreamedContract): QuickLine {
  const columns = columnEntries(contract);
  const indexOf = new Map(columns.map(([name], index) => [name, index]));
  /** Of the record at hand, by column: the unscaled number; of a timestamp its hour. */
  const numbers = new Float64Array(columns.length);
  let escapes = true;
  const days: Day[] = [];

  // What stands between two values is one text, quotes and all: fewer pieces are joined sooner.
  let before = '{';
  const writers = columns.map(([name, column], index) => {
    const quote = isQuoted(column) ? '"' : '';
    const prefix = `${before}"${name}":${quote}`;
    before = `${quote},`;
    const write = column.derivedFrom
      ? derivedColumn(column.derivedFrom, index)
      : givenColumn(name, column);
    return { name, prefix, write };
  });
  const behind = `${before.slice(0, -1)}}\n`;
  const partitionIndex = indexOf.get(contract.partitioning.column)!;
  const partitionNames = Object.keys(contract.partitionColumns);
  const products = (contract.products ?? []).map(({ total, factors }) => ({
    total: indexOf.get(total)!,
    a: indexOf.get(factors[0])!,
    b: indexOf.get(factors[1])!,
  }));

  function givenColumn(name: string, column: Column): QuickColumn {
    const { type, rules } = column;
    switch (type.kind) {
      case 'string':
        return stringColumn(rules);
      case 'int32':
        return rules.allowed ? miss : int32Column(rules);
      case 'decimal':
        return rules.allowed || type.scale > FRACTION_TEXTS ? miss : decimalColumn(type, rules);
      case 'timestamp':
        return Object.keys(rules).length > 0 ? miss : timestampColumn(name);
      case 'date':
        return miss;
    }
  }

  function stringColumn({ minLength, maxLength, pattern, allowed }: Column['rules']): QuickColumn {
    const shortest = minLength ?? 0;
    const longest = maxLength ?? Infinity;
    return (value) => {
      if (typeof value !== 'string') return undefined;
      if (value.length < shortest || value.length > longest) return undefined;
      if (pattern && !pattern.test(value)) return undefined;
      if (allowed && !allowed.includes(value)) return undefined;
      if (!escapes) return value;
      return value.isWellFormed() ? JSON.stringify(value).slice(1, -1) : undefined;
    };
  }

  function int32Column({ minimum, maximum }: Column['rules']): QuickColumn {
    const lowest = (minimum as number | undefined) ?? INT32_MINIMUM;
    const highest = (maximum as number | undefined) ?? INT32_MAXIMUM;
    return (value, index) => {
      if (typeof value !== 'number' || (value | 0) !== value) return undefined;
      if (value < lowest || value > highest) return undefined;
      numbers[index] = value;
      return `${value}`;
    };
  }

  function decimalColumn(
    { precision, scale }: { precision: number; scale: number },
    { minimum, maximum }: Column['rules'],
  ): QuickColumn {
    const factor = 10 ** scale;
    const lowest = Math.max(Number(minimum ?? 0n), 0);
    const limit = Math.min(10 ** precision, EXACT);
    const highest = Math.min(Number(maximum ?? EXACT), limit - 1);
    const fractions = Array.from({ length: factor }, (_, fraction) =>
      scale === 0 ? '' : `.${String(fraction).padStart(scale, '0')}`,
    );
    return (given, index) => {
      if (typeof given === 'string') {
        if (given.length > DECIMAL_CHARACTERS || !DECIMAL.test(given)) return undefined;
      } else if (typeof given !== 'number') return undefined;
      const value = Number(given);
      const unscaled = Math.round(value * factor);
      // Where it holds, the value is the double nearest to unscaled / factor, and as that has at
      // most 15 digits it is what was written.
      if (unscaled / factor !== value) return undefined;
      if (!(unscaled >= lowest && unscaled <= highest)) return undefined;
      numbers[index] = unscaled;
      const whole = Math.floor(unscaled / factor);
      return `${whole}${fractions[unscaled - whole * factor]}`;
    };
  }

  function timestampColumn(name: string): QuickColumn {
    const { column: partitionColumn, firstYear, lastYear } = contract.partitioning;
    let lastDate = '';
    let lastDay: Day | undefined;
    return (value, index) => {
      if (typeof value !== 'string' || !TIME.test(value.slice(10))) return undefined;
      const date = value.slice(0, 10);
      if (date !== lastDate) {
        lastDate = date;
        lastDay = dayOfText(contract, date);
        const year = lastDay?.parts.year ?? NaN;
        if (name === partitionColumn && !(year >= firstYear && year <= lastYear)) {
          lastDay = undefined;
        }
      }
      if (!lastDay) return undefined;
      days[index] = lastDay;
      numbers[index] = Number(value.slice(11, 13));
      return value.length === 24
        ? `${date} ${value.slice(11, 23)}`
        : `${date} ${value.slice(11, 19)}.000`;
    };
  }

  function derivedColumn(
    { column, part }: NonNullable<Column['derivedFrom']>,
    own: number,
  ): QuickColumn {
    const from = indexOf.get(column)!;
    // Columns are read in order: what comes later still is of the record before.
    if (from > own) return miss;
    return (given) => {
      const value = part === 'hour' ? numbers[from]! : days[from]!.parts[part];
      return given === undefined || given === value ? `${value}` : undefined;
    };
  }

  return (value, needsEscapes) => {
    escapes = needsEscapes;
    let text = '';
    let index = 0;
    for (const { name, prefix, write } of writers) {
      const column = write(value[name], index++);
      if (column === undefined) return undefined;
      // Not `+=`: a rope with leaves on one side is read sooner than one with ropes on both.
      text = text + prefix + column;
    }
    for (const { total, a, b } of products) {
      const product = numbers[a]! * numbers[b]!;
      if (product !== numbers[total] || product > Number.MAX_SAFE_INTEGER) return undefined;
    }
    // Seldom given; the plain way holds them against the timestamp.
    for (const name of partitionNames) if (value[name] !== undefined) return undefined;
    return { text: text + behind, partitionKeys: days[partitionIndex]!.keys };
  };
}

function isQuoted({ type }: Column): boolean {
  return type.kind === 'string' || type.kind === 'timestamp' || type.kind === 'date';
}

function miss(): undefined {
  return undefined;
}

function dayOfText(contract: StreamedContract, date: string): Day | undefined {
  const day = parseDate(date);
  if (day === undefined) return undefined;
  const part = (name: TimestampPart): number => timestampPart(day * DAY_MS, name);
  return {
    keys: partitionKeysOf(contract, day),
    parts: {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      dayOfWeek: part('dayOfWeek'),
    },
  };
}
