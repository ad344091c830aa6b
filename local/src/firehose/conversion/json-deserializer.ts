import { isUtf8 } from 'node:buffer';
import type { ColumnType } from '@saleslake/shared/contract/column';
import { decimalFromNumber, parseDecimal } from '@saleslake/shared/contract/decimal';
import { columnEntries, type TableContract } from '@saleslake/shared/contract/table-contract';
import { parseDate } from '@saleslake/shared/contract/timestamp';
import { isJsonObject, type JsonObject } from '@saleslake/shared/runtime/json-object';
import type { S3DestinationConfig } from '../delivery-stream-config';
import { memberText, splitDocuments } from './json-text';
import { hiveTimestamps, readOpenXTimestamp, type ReadTimestamp } from './timestamp-formats';

export type DeserializerConfig = NonNullable<S3DestinationConfig['conversion']>['deserializer'];

export type Row = Record<string, string | number | bigint | null>;

/** A record's rows, one for each JSON object in it, or why it has none. */
export type Deserialized = { rows: Row[] } | { errorCode: string; errorMessage: string };

const MALFORMED = 'DataFormatConversion.MalformedData';
/** A text without it has no number of more than 15 digits: most need not be looked at twice. */
const MANY_DIGITS = /\d[\d.]{15}/;
const INT32_MINIMUM = -(2 ** 31);
const INT32_MAXIMUM = 2 ** 31 - 1;

/**
 * Reads records by the columns of a table, as the chosen SerDe does: members that are no column
 * are ignored, a column without a member is null, and a value that does not fit its column fails
 * the whole record. Numbers are exact: one of more digits than a double has is read off its text.
 * https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-concepts.html
 * Throws RangeError for a configuration that the local AWS does not read.
 */
export function createDeserializer(
  contract: TableContract,
  config: DeserializerConfig,
): (data: Buffer) => Deserialized {
  const readColumn = columnReader(config);
  const nameOf = memberName(config);
  const columns = columnEntries(contract).map(([name, { type }]) => ({ name, type }));

  function readRow(object: JsonObject, text: string): Row {
    const mayRound = MANY_DIGITS.test(text);
    let byName: Map<string, string> | undefined;
    const row: Row = {};
    for (const { name, type } of columns) {
      let key: string | undefined = name;
      if (!Object.hasOwn(object, name)) {
        byName ??= new Map(Object.keys(object).map((given) => [nameOf(given), given]));
        key = byName.get(name);
      }
      const value = key === undefined ? null : (object[key] ?? null);
      if (value === null || key === undefined) {
        row[name] = null;
        continue;
      }
      const read = readColumn(type, value, mayRound, () => memberText(text, key));
      if (read === undefined) throw new Misfit(name, value);
      row[name] = read;
    }
    return row;
  }

  return (data) => {
    const text = isUtf8(data) ? data.toString('utf8') : undefined;
    const documents = text === undefined ? undefined : parseDocuments(text);
    if (!documents) {
      return {
        errorCode: 'DataFormatConversion.ParseError',
        errorMessage: 'Encountered malformed JSON.',
      };
    }
    if (documents.length === 0) {
      return {
        errorCode: MALFORMED,
        errorMessage: 'The record was empty or contained only whitespace.',
      };
    }
    try {
      const rows = documents.map(({ value, text }) => {
        if (isJsonObject(value)) return readRow(value, text);
        throw new Misfit(undefined, value);
      });
      return { rows };
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      return { errorCode: MALFORMED, errorMessage: error.message };
    }
  };
}

/** A value that is not what its column, or a record, wants. */
class Misfit extends Error {
  constructor(column: string | undefined, value: unknown) {
    const shown = JSON.stringify(value).slice(0, 100);
    super(
      column === undefined
        ? `The top level of the record is ${shown}; it must be an object.`
        : `Data does not match the schema. The value of ${column} is ${shown}.`,
    );
  }
}

/** Undefined where one of them is not valid. */
function parseDocuments(text: string): { value: unknown; text: string }[] | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const alone = tryParse(trimmed);
  if (alone) return [alone];
  const documents = splitDocuments(text).map(tryParse);
  return documents.every((document) => document !== undefined) ? documents : undefined;
}

function tryParse(text: string): { value: unknown; text: string } | undefined {
  try {
    return { value: JSON.parse(text) as unknown, text };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function memberName(config: DeserializerConfig): (given: string) => string {
  // The Hive SerDe compares names without case; the OpenX one unless told otherwise.
  if (config.kind === 'HiveJson') return (given) => given.toLowerCase();
  const { caseInsensitive, convertDotsToUnderscores } = config;
  return (given) => {
    const name = convertDotsToUnderscores ? given.replaceAll('.', '_') : given;
    return caseInsensitive ? name.toLowerCase() : name;
  };
}

type ReadColumn = (
  type: ColumnType,
  value: NonNullable<unknown>,
  /** Whether a number of the object may have more digits than a double. */
  mayRound: boolean,
  text: () => string | undefined,
) => string | number | bigint | undefined;

function columnReader(config: DeserializerConfig): ReadColumn {
  const hive = config.kind === 'HiveJson';
  const readTimestamp: ReadTimestamp = hive
    ? hiveTimestamps(config.timestampFormats)
    : readOpenXTimestamp;
  return (type, value, mayRound, text) => {
    switch (type.kind) {
      case 'string':
        if (typeof value === 'string') return value;
        // The Hive SerDe does not turn nested JSON into text.
        if (hive && typeof value === 'object') return undefined;
        return text() ?? JSON.stringify(value);
      case 'int32':
        return readInt32(hive ? value : numeric(value));
      case 'decimal': {
        // The Hive SerDe takes no text for a number.
        if (typeof value === 'string') {
          return hive ? undefined : parseDecimal(value, type.precision, type.scale);
        }
        if (typeof value !== 'number') return undefined;
        return mayRound
          ? exactDecimal(type, value, text)
          : decimalFromNumber(value, type.precision, type.scale);
      }
      case 'timestamp':
        return readTimestamp(value);
      case 'date':
        return typeof value === 'string' ? parseDate(value) : undefined;
    }
  };
}

// Fewer digits than that a double holds apart from all others.
const EXACT_DIGITS = 15;

function exactDecimal(
  { precision, scale }: { precision: number; scale: number },
  value: number,
  text: () => string | undefined,
): bigint | undefined {
  const written = text();
  if (written === undefined || written.length <= EXACT_DIGITS) {
    return decimalFromNumber(value, precision, scale);
  }
  const [mantissa = '', exponent] = written.split(/[eE]/);
  if (exponent === undefined) return parseDecimal(written, precision, scale);
  const digits = mantissa.replace(/\D/g, '').length;
  return digits <= EXACT_DIGITS ? decimalFromNumber(value, precision, scale) : undefined;
}

function numeric(value: unknown): unknown {
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
}

function readInt32(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  if (value < INT32_MINIMUM || value > INT32_MAXIMUM) return undefined;
  return value + 0; // -0 becomes 0
}
