import { columnEntries } from '@saleslake/shared/contract/table-contract';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { orderEvents } from '@saleslake/shared/tables/order-events';
import { findTable } from '@saleslake/shared/tables/index';

/**
 * What a producer would put to have this row delivered: the inverse of what the function of the
 * table's delivery stream does. For rows that could not be converted to Parquet: of such a record
 * Firehose keeps the row, not what it was made of.
 * https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html
 * @param row one or several delivered lines, see shared/src/stream/delivered-line.ts
 * @throws SaleslakeError where it is no such row.
 */
export function sourceRecordOf(table: string, row: Buffer): Buffer {
  const lines = row
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const records = lines.map((line) =>
    table === orderEvents.name ? orderChangeOf(line) : withIsoTimestamps(table, line),
  );
  return Buffer.from(records.join('\n'));
}

/** The text otherwise as it is: a number keeps all its digits. */
function withIsoTimestamps(table: string, line: string): string {
  const contract = findTable(table);
  if (!contract) throw noRow(table, line);
  let text = line;
  for (const [name, { type }] of columnEntries(contract)) {
    if (type.kind !== 'timestamp') continue;
    // A quote within a string has a backslash before it, so this is found as a member alone.
    const member = new RegExp(`"${name}":"(\\d{4}-\\d{2}-\\d{2}) (\\d{2}:\\d{2}:\\d{2}[.\\d]*)"`);
    text = text.replace(member, `"${name}":"$1T$2Z"`);
  }
  return text;
}

/** See services/firehose-transformer/src/order-change.ts, which reads it. */
function orderChangeOf(line: string): string {
  let row: Partial<Record<keyof typeof orderEvents.columns, string | number | null>>;
  try {
    row = JSON.parse(line) as typeof row;
  } catch {
    throw noRow(orderEvents.name, line);
  }
  const seconds = Date.parse(`${String(row.event_time).replace(' ', 'T')}Z`) / 1000;
  if (Number.isNaN(seconds) || typeof row.order_id !== 'string') throw noRow('order_events', line);
  const image = {
    ...attribute('product_name', 'S', row.product_name),
    ...attribute('quantity', 'N', row.quantity),
    ...attribute('price', 'N', row.price),
  };
  return JSON.stringify({
    eventName: row.event_type,
    eventSource: 'aws:dynamodb',
    dynamodb: {
      ApproximateCreationDateTime: seconds,
      Keys: { orderId: { S: row.order_id } },
      [row.event_type === 'REMOVE' ? 'OldImage' : 'NewImage']: image,
      SequenceNumber: row.sequence_number,
    },
  });
}

function attribute(name: string, type: 'S' | 'N', value: string | number | null = null): object {
  return value === null ? {} : { [name]: { [type]: String(value) } };
}

function noRow(table: string, line: string): SaleslakeError {
  return new SaleslakeError(
    'NotARow',
    `${JSON.stringify(line.slice(0, 80))} is no row of ${table} as its stream delivers them.`,
  );
}
