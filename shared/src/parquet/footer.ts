import { columnEntries, type TableContract } from '../contract/table-contract';
import { putUint32, type ByteBuffer } from './byte-buffer';
import type { WrittenChunk } from './column-chunk';
import { putMagic } from './magic';
import { Encoding, PageType, Repetition } from './parquet-format';
import { physicalType, type PhysicalType } from './physical-type';
import {
  bool,
  binary,
  i16,
  i32,
  i64,
  list,
  struct,
  text,
  type ThriftValue,
} from './thrift-compact';

/** A column chunk and where it and its indexes stand in the file. */
export interface PlacedChunk {
  chunk: WrittenChunk;
  offset: number;
  columnIndex?: { offset: number; size: number };
  offsetIndex?: { offset: number; size: number };
}

export interface PlacedRowGroup {
  rowCount: number;
  chunks: PlacedChunk[];
}

interface SchemaColumn {
  name: string;
  nullable: boolean;
  physical: PhysicalType;
}

/** Of the encodings that are used, DELTA_BINARY_PACKED is one of the second version. */
const FORMAT_VERSION = 2;

/** Writes the end of a file: its metadata, the length of that, and the magic bytes. */
export function putFooter(
  out: ByteBuffer,
  contract: TableContract,
  rowGroups: readonly PlacedRowGroup[],
  metadata: ReadonlyMap<string, string>,
): void {
  const start = out.length;
  const columns = columnEntries(contract).map(([name, { type, nullable }]): SchemaColumn => ({
    name,
    nullable,
    physical: physicalType(type),
  }));
  struct({
    1: i32(FORMAT_VERSION),
    2: schema(contract.name, columns),
    3: i64(rowGroups.reduce((total, { rowCount }) => total + rowCount, 0)),
    4: list(rowGroups.map((rowGroup, i) => rowGroupMetadata(columns, rowGroup, i))),
    5: list([...metadata].map(([key, value]) => struct({ 1: text(key), 2: text(value) }))),
    6: text('saleslake'),
    // Every bound follows the order that the type defines.
    7: list(columns.map(() => struct({ 1: struct({}) }))),
  }).put(out);
  putUint32(out, out.length - start);
  putMagic(out);
}

function schema(table: string, columns: readonly SchemaColumn[]): ThriftValue {
  return list([
    struct({ 4: text(table), 5: i32(columns.length) }),
    ...columns.map(({ name, nullable, physical }) => {
      const optional = (value: number | undefined): ThriftValue | undefined =>
        value === undefined ? undefined : i32(value);
      return struct({
        1: i32(physical.type),
        2: optional(physical.typeLength),
        3: i32(nullable ? Repetition.OPTIONAL : Repetition.REQUIRED),
        4: text(name),
        6: i32(physical.convertedType),
        7: optional(physical.scale),
        8: optional(physical.precision),
        10: physical.logicalType,
      });
    }),
  ]);
}

function rowGroupMetadata(
  columns: readonly SchemaColumn[],
  { rowCount, chunks }: PlacedRowGroup,
  ordinal: number,
): ThriftValue {
  const total = (size: (chunk: WrittenChunk) => number): number =>
    chunks.reduce((sum, { chunk }) => sum + size(chunk), 0);
  return struct({
    1: list(columns.map(({ name, physical }, i) => chunkMetadata(name, physical.type, chunks[i]!))),
    2: i64(total((chunk) => chunk.uncompressedSize)),
    3: i64(rowCount),
    5: i64(chunks[0]!.offset),
    6: i64(total((chunk) => chunk.compressedSize)),
    // A 16-bit number; it may be left out.
    7: ordinal <= 0x7fff ? i16(ordinal) : undefined,
  });
}

function chunkMetadata(
  name: string,
  type: number,
  { chunk, offset, columnIndex, offsetIndex }: PlacedChunk,
): ThriftValue {
  const { minimum, maximum, nullCount } = chunk.statistics;
  const encodings = new Set([Encoding.RLE, chunk.encoding]);
  if (chunk.hasDictionary) encodings.add(Encoding.PLAIN);
  const pageCounts = [
    ...(chunk.hasDictionary ? [pageCount(PageType.DICTIONARY_PAGE, Encoding.PLAIN, 1)] : []),
    pageCount(PageType.DATA_PAGE, chunk.encoding, chunk.pages.length),
  ];
  return struct({
    2: i64(0), // Deprecated, yet required.
    3: struct({
      1: i32(type),
      2: list([...encodings].map(i32)),
      3: list([text(name)]),
      4: i32(chunk.codec),
      5: i64(chunk.valueCount),
      6: i64(chunk.uncompressedSize),
      7: i64(chunk.compressedSize),
      9: i64(offset + chunk.pages[0]!.offset),
      11: chunk.hasDictionary ? i64(offset) : undefined,
      12: struct({
        3: i64(nullCount),
        5: maximum && binary(maximum.bytes),
        6: minimum && binary(minimum.bytes),
        7: maximum && bool(maximum.exact),
        8: minimum && bool(minimum.exact),
      }),
      13: list(pageCounts),
    }),
    4: offsetIndex && i64(offsetIndex.offset),
    5: offsetIndex && i32(offsetIndex.size),
    6: columnIndex && i64(columnIndex.offset),
    7: columnIndex && i32(columnIndex.size),
  });
}

function pageCount(type: number, encoding: number, count: number): ThriftValue {
  return struct({ 1: i32(type), 2: i32(encoding), 3: i32(count) });
}
