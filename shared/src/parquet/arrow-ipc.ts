// Not 'apache-arrow' itself: with what reads and writes tables of every kind, it is twice as much to
// load.
import { BufferRegion, FieldNode, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { Field, Schema } from 'apache-arrow/schema';
import {
  DateDay,
  Decimal,
  Int32,
  TimestampMillisecond,
  Utf8,
  type DataType,
} from 'apache-arrow/type';
import type { ColumnType } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import type { ColumnBuffers } from './arrow-fill';

/** What a column needs beyond its rows. */
export interface ColumnRoom {
  /** Rows without a value. Where there are none, nor is there room for them. */
  nulls: number;
  /** Bytes of all strings; 0 of numbers. */
  text: number;
}

/**
 * A record batch of zeros, as a stream of Arrow's IPC, and where in it the values are to stand.
 * https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format
 */
export function createIpcStream(
  contract: TableContract,
  rows: number,
  rooms: readonly ColumnRoom[],
): { bytes: Uint8Array<ArrayBuffer>; buffers: ColumnBuffers[] } {
  const columns = columnEntries(contract);
  const regions: BufferRegion[] = [];
  let bodyLength = 0;
  const add = (length: number): BufferRegion => {
    const region = new BufferRegion(bodyLength, length);
    regions.push(region);
    bodyLength += padded(length);
    return region;
  };
  const regionsOf = columns.map(([, { type }], i) => {
    const { nulls, text } = rooms[i]!;
    const validity = add(nulls > 0 ? (rows + 7) >> 3 : 0);
    return type.kind === 'string'
      ? { validity, values: add((rows + 1) * 4), text: add(text) }
      : { validity, values: add(rows * VALUE_BYTES[type.kind]) };
  });
  const fields = columns.map(
    ([name, { type, nullable }]) => new Field(name, arrowType(type), nullable),
  );
  const nodes = rooms.map(({ nulls }) => new FieldNode(rows, nulls));
  const schema = toHead(Message.from(new Schema(fields)));
  const batch = toHead(Message.from(new RecordBatch(rows, nodes, regions, null), bodyLength));
  const bodyAt = schema.length + batch.length;
  const bytes = new Uint8Array(bodyAt + bodyLength + END.length);
  bytes.set(schema);
  bytes.set(batch, schema.length);
  bytes.set(END, bodyAt + bodyLength);
  const begin = (region?: BufferRegion): number => (region?.length ? bodyAt + region.offset : 0);
  const buffers = regionsOf.map(({ validity, values, text }) => ({
    validity: begin(validity),
    values: begin(values),
    text: begin(text),
  }));
  return { bytes, buffers };
}

const VALUE_BYTES = { int32: 4, date: 4, timestamp: 8, decimal: 16 };

function arrowType(type: ColumnType): DataType {
  switch (type.kind) {
    case 'string':
      return new Utf8();
    case 'int32':
      return new Int32();
    case 'date':
      return new DateDay();
    case 'timestamp':
      return new TimestampMillisecond('UTC');
    case 'decimal':
      return new Decimal(type.scale, type.precision);
  }
}

/** To what Arrow recommends: values that stand elsewhere than they must are copied when read. */
const padded = (length: number): number => Math.ceil(length / 64) * 64;

const MARKER = -1;
const END = new Uint8Array(Int32Array.of(MARKER, 0).buffer);

/** What stands before a message's body: a marker, the length of the metadata, and these. */
function toHead(message: Message): Uint8Array {
  const metadata = Message.encode(message);
  const head = new Uint8Array(padded(END.length + metadata.length));
  const view = new DataView(head.buffer);
  view.setInt32(0, MARKER, true);
  view.setInt32(4, head.length - END.length, true);
  head.set(metadata, END.length);
  return head;
}
