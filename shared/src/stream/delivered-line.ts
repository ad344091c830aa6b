import type { Column } from '../contract/column';
import { formatDecimal } from '../contract/decimal';
import {
  columnEntries,
  type DailyPartitioning,
  type RowOf,
  type TableContract,
} from '../contract/table-contract';
import { formatDate, formatTimestamp } from '../contract/timestamp';
import { dayOf, partitionOf } from '../decode/partition';

/** A contract whose rows a stream can deliver: into a folder for each day. */
export type StreamedContract = TableContract<Record<string, Column>, DailyPartitioning>;

/**
 * Of which folder a delivered row is, as texts: `metadata.partitionKeys` of Firehose's record
 * transformation, which a prefix names as `!{partitionKeyFromLambda:year}`.
 * https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html
 */
export type PartitionKeys = Record<'year' | 'month' | 'day', string>;

/** A row as Firehose's record-format conversion reads it, with its newline. */
export interface DeliveredLine {
  text: string;
  partitionKeys: PartitionKeys;
}

/**
 * A valid row as a line of JSON for Hive's JsonSerDe: every column of the file, derived ones too, a
 * decimal as a number with all the digits of its scale, a timestamp in UTC in the form that
 * java.sql.Timestamp.valueOf takes.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_HiveJsonSerDe.html
 */
export function deliveredLine<T extends StreamedContract>(
  contract: T,
  row: RowOf<T>,
): DeliveredLine {
  const values = row as Record<string, unknown>;
  const members = columnEntries(contract).map(
    ([name, { type }]) => `"${name}":${valueText(type, values[name])}`,
  );
  const moment = values[contract.partitioning.column] as number;
  return {
    text: `{${members.join(',')}}\n`,
    partitionKeys: partitionKeysOf(contract, dayOf(moment)),
  };
}

/** The keys of a day, counted from the epoch, zero-padded as in the lake's keys. */
export function partitionKeysOf(contract: StreamedContract, day: number): PartitionKeys {
  const { year, month, day: ofMonth } = partitionOf(contract, day)!;
  const digits = (value: number, length: number): string => String(value).padStart(length, '0');
  return { year: digits(year, 4), month: digits(month, 2), day: digits(ofMonth, 2) };
}

function valueText(type: Column['type'], value: unknown): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'decimal':
      return formatDecimal(value as bigint, type.scale);
    case 'timestamp':
      return `"${formatTimestamp(value as number)
        .replace('T', ' ')
        .replace('Z', '')}"`;
    case 'date':
      return `"${formatDate(value as number)}"`;
    default:
      return JSON.stringify(value);
  }
}
