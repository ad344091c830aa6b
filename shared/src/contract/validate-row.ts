import { isJsonObject } from '../runtime/json-object';
import { sqlType, type Column, type TimestampPart } from './column';
import { decimalFromNumber, formatDecimal, parseDecimal } from './decimal';
import { columnEntries, type RowOf, type TableContract } from './table-contract';
import { formatDate, formatTimestamp, parseDate, parseTimestamp, timestampPart } from './timestamp';

/** One thing that is wrong with a record. */
export interface Violation {
  /** The column, or null where the record as a whole is meant. */
  field: string | null;
  /** What stood there, as JSON text, cut to 100 characters; `missing` where nothing did. */
  value: string;
  /** What the contract expected, for a person to read. */
  expected: string;
}

export type Validation<T extends TableContract> =
  { ok: true; row: RowOf<T> } | { ok: false; violations: Violation[] };

const SHOWN_CHARACTERS = 100;
const INT32_MINIMUM = -(2 ** 31);
const INT32_MAXIMUM = 2 ** 31 - 1;

/**
 * Holds a parsed JSON value against a contract: the specification of what a valid record is.
 *
 * - A string must be well-formed Unicode; an int32 must be a JSON number without a fraction; a
 *   decimal a JSON number of at most 15 significant digits, or a string of plain decimal text,
 *   that fits without rounding; a timestamp an ISO 8601 string with an offset; a date an ISO 8601
 *   string. `1e2` is the number 100 and `-0` is 0; `"12"` is no int32.
 * - A derived column and a partition column may be absent, and must agree where they are not.
 * - The partition's year must lie within the years that partition projection covers.
 * - Members that the contract does not know are left out of the row.
 */
export function validateRow<T extends TableContract>(contract: T, value: unknown): Validation<T> {
  if (!isJsonObject(value)) {
    return {
      ok: false,
      violations: [{ field: null, value: shownValue(value), expected: 'a JSON object' }],
    };
  }
  const row: Record<string, unknown> = {};
  const violations: Violation[] = [];
  const violate = (field: string, expected: string): void => {
    violations.push({ field, value: shownValue(member(value, field)), expected });
  };
  const { given, derived } = columnsOf(contract);

  for (const [name, column] of given) {
    const found = member(value, name);
    if (found === undefined || found === null) {
      if (column.nullable) row[name] = null;
      else violate(name, describeColumn(column));
      continue;
    }
    const read = readValue(column, found);
    if (read === undefined || !satisfies(column, read)) violate(name, describeColumn(column));
    else row[name] = read;
  }

  const { partitioning } = contract;
  if (partitioning) {
    const { column, firstYear, lastYear } = partitioning;
    const moment = row[column];
    if (typeof moment === 'number') {
      const year = timestampPart(moment, 'year');
      if (year < firstYear || year > lastYear) {
        violate(column, `a year from ${firstYear} to ${lastYear}, UTC`);
      }
    }
  }

  for (const { name, from, part, stored } of derived) {
    const source = row[from];
    if (typeof source !== 'number') {
      // A derived column of a null timestamp is null; of an invalid one, that has been said.
      if (source === null && stored) row[name] = null;
      continue;
    }
    const computed = timestampPart(source, part);
    const found = member(value, name);
    if (found !== undefined && found !== null && found !== computed) {
      violate(name, `${computed}, the ${part} of ${from}`);
    } else if (stored) row[name] = computed;
  }

  for (const { total, factors } of contract.products ?? []) {
    const [a, b, sum] = [row[factors[0]], row[factors[1]], row[total]];
    if (isNumeric(a) && isNumeric(b) && isNumeric(sum)) {
      const product = BigInt(a) * BigInt(b);
      if (product !== BigInt(sum)) {
        const type = contract.columns[total]?.type;
        const scale = type?.kind === 'decimal' ? type.scale : 0;
        violate(total, `${formatDecimal(product, scale)}, which is ${factors.join(' × ')}`);
      }
    }
  }

  return violations.length > 0 ? { ok: false, violations } : { ok: true, row: row as RowOf<T> };
}

/** A contract's columns by how a row comes by them. */
interface ColumnsOfRow {
  given: [string, Column][];
  /** Not `stored`: a partition column. */
  derived: { name: string; from: string; part: TimestampPart; stored: boolean }[];
}

const columnsOfRow = new WeakMap<TableContract, ColumnsOfRow>();

/** Sorted once a contract: sorting them anew for each row took most of a row's time. */
function columnsOf(contract: TableContract): ColumnsOfRow {
  const known = columnsOfRow.get(contract);
  if (known) return known;
  const stored = columnEntries(contract);
  const derivedOf = (entries: [string, Column][], stored: boolean): ColumnsOfRow['derived'] =>
    entries.flatMap(([name, { derivedFrom }]) =>
      derivedFrom ? [{ name, from: derivedFrom.column, part: derivedFrom.part, stored }] : [],
    );
  const columns: ColumnsOfRow = {
    given: stored.filter(([, { derivedFrom }]) => !derivedFrom),
    derived: [
      ...derivedOf(stored, true),
      ...derivedOf(Object.entries(contract.partitionColumns), false),
    ],
  };
  columnsOfRow.set(contract, columns);
  return columns;
}

/** What a column accepts, for a person to read: `a decimal(10,2), at least 0.00`. */
export function describeColumn(column: Column): string {
  const { minimum, maximum, minLength, maxLength, allowed, pattern } = column.rules;
  const texts = [describeType(column)];
  const shown = (value: unknown): string => describeValue(column, value);
  if (minimum !== undefined) texts.push(`at least ${shown(minimum)}`);
  if (maximum !== undefined) texts.push(`at most ${shown(maximum)}`);
  if (minLength !== undefined) texts.push(`at least ${count(minLength, 'character')}`);
  if (maxLength !== undefined) texts.push(`at most ${count(maxLength, 'character')}`);
  if (allowed !== undefined) texts.push(`out of ${allowed.map(shown).join(', ')}`);
  if (pattern !== undefined) texts.push(`matching ${String(pattern)}`);
  return texts.join(', ');
}

function describeType({ type, nullable }: Column): string {
  const orNull = nullable ? ' or null' : '';
  switch (type.kind) {
    case 'string':
      return `a string${orNull}`;
    case 'int32':
      return `an int32${orNull}`;
    case 'decimal':
      return `a ${sqlType(type)}${orNull}`;
    case 'timestamp':
      return `an ISO 8601 timestamp with an offset${orNull}`;
    case 'date':
      return `an ISO 8601 date${orNull}`;
  }
}

function describeValue({ type }: Column, value: unknown): string {
  switch (type.kind) {
    case 'decimal':
      return formatDecimal(value as bigint, type.scale);
    case 'timestamp':
      return formatTimestamp(value as number);
    case 'date':
      return formatDate(value as number);
    default:
      return JSON.stringify(value);
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The value in the column's own form, or undefined where it is not of the column's type. */
function readValue({ type }: Column, given: unknown): string | number | bigint | undefined {
  switch (type.kind) {
    case 'string':
      return typeof given === 'string' && given.isWellFormed() ? given : undefined;
    case 'int32':
      if (typeof given !== 'number' || !Number.isInteger(given)) return undefined;
      if (given < INT32_MINIMUM || given > INT32_MAXIMUM) return undefined;
      return given + 0; // -0 becomes 0
    case 'decimal':
      if (typeof given === 'string') return parseDecimal(given, type.precision, type.scale);
      if (typeof given === 'number') return decimalFromNumber(given, type.precision, type.scale);
      return undefined;
    case 'timestamp':
      return typeof given === 'string' ? parseTimestamp(given) : undefined;
    case 'date':
      return typeof given === 'string' ? parseDate(given) : undefined;
  }
}

function satisfies(column: Column, value: string | number | bigint): boolean {
  const { minimum, maximum, minLength, maxLength, allowed, pattern } = column.rules;
  if (minimum !== undefined && value < (minimum as typeof value)) return false;
  if (maximum !== undefined && value > (maximum as typeof value)) return false;
  if (typeof value === 'string') {
    if (minLength !== undefined && value.length < minLength) return false;
    if (maxLength !== undefined && value.length > maxLength) return false;
    if (pattern !== undefined && !pattern.test(value)) return false;
  }
  return allowed === undefined || allowed.includes(value);
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** An own member: `constructor` and its like are not inherited from a prototype. */
function member(record: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The JSON text of a value, cut for a person; `missing` where there is none. */
export function shownValue(value: unknown): string {
  return value === undefined ? 'missing' : shownText(JSON.stringify(value));
}

/** A text, cut for a person. */
export function shownText(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
