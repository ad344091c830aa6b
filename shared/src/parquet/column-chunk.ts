import type { Column } from '../contract/column';
import { encodeBigint64, encodeFixedBytes } from './bigint-values';
import { createByteBuffer, putBytes, putUint32, type ByteBuffer } from './byte-buffer';
import { isWorthwhile, uncompressed, type PageCodec } from './codec';
import type { ColumnVector } from './column-batch';
import { grown } from './grown';
import { encodeInt32, encodeInt64 } from './number-values';
import { Encoding, PageType, Type } from './parquet-format';
import { physicalType } from './physical-type';
import { putHybrid, putRun } from './rle-bit-packed';
import {
  chunkStatistics,
  pageStatistics,
  type ChunkStatistics,
  type PageStatistics,
} from './statistics';
import { encodeStrings } from './string-values';
import { i32, struct, type ThriftValue } from './thrift-compact';
import type { PageRows, ValueEncoding } from './value-encoding';
import {
  bigint64Order,
  fixedBytesOrder,
  int32Order,
  int64Order,
  utf8Order,
  type ValueOrder,
} from './value-order';
import { vectorKinds } from './vector-kind';
import { withoutNulls } from './without-nulls';

/** A page in the file, as the page index shows it. */
export interface WrittenPage {
  /** From the start of the chunk, with the header. */
  offset: number;
  size: number;
  firstRow: number;
}

/** What the footer and the page index tell of a column chunk. Offsets count from its start. */
export interface WrittenChunk {
  codec: number;
  /** Of the data pages. */
  encoding: number;
  hasDictionary: boolean;
  valueCount: number;
  uncompressedSize: number;
  compressedSize: number;
  pages: WrittenPage[];
  statistics: ChunkStatistics;
  pageStatistics: PageStatistics;
}

/** Writes the column of a row group, which has at least one row, to `out`. */
export type ChunkWriter = (
  out: ByteBuffer,
  vector: ColumnVector,
  rowCount: number,
  codec: PageCodec,
) => WrittenChunk;

/** The writer of a column. */
export function createChunkWriter({ type, nullable }: Column): ChunkWriter {
  const { type: stored, typeLength } = physicalType(type);
  switch (stored) {
    case Type.BYTE_ARRAY:
      return chunkWriter(nullable, utf8Order, (vector, pages) =>
        encodeStrings(vector.kind === 'utf8' ? vector : as(vector, 'dictionary'), pages),
      );
    case Type.INT32:
      return chunkWriter(nullable, int32Order, (vector, pages) => {
        // A decimal of few digits comes in doubles.
        const { values } = vector.kind === 'int64' ? vector : as(vector, 'int32');
        return encodeInt32(values instanceof Int32Array ? values : Int32Array.from(values), pages);
      });
    case Type.INT64:
      return vectorKinds(type)[0] === 'int64'
        ? chunkWriter(nullable, int64Order, (vector, pages) =>
            encodeInt64(as(vector, 'int64').values, pages),
          )
        : chunkWriter(nullable, bigint64Order, (vector, pages) =>
            encodeBigint64(as(vector, 'bigint').values, pages),
          );
    default: {
      const size = typeLength!;
      return chunkWriter(nullable, fixedBytesOrder(size), (vector, pages) =>
        encodeFixedBytes(as(vector, 'bigint').values, pages, size),
      );
    }
  }
}

function as<K extends ColumnVector['kind']>(
  vector: ColumnVector,
  kind: K,
): ColumnVector & { kind: K } {
  if (vector.kind !== kind) throw new TypeError(`The column is ${vector.kind}, not ${kind}`);
  return vector as ColumnVector & { kind: K };
}

/** Small enough to skip by, and large enough that headers and bounds are nothing beside it. */
const PAGE_ROWS = 16_384;

// Encoding never waits in between, so every column of every file can use the same.
const body = createByteBuffer();
const compressed = createByteBuffer();

function chunkWriter<V>(
  nullable: boolean,
  order: ValueOrder<V>,
  encode: (vector: ColumnVector, pages: PageRows[]) => ValueEncoding<V>,
): ChunkWriter {
  return (out, vector, rowCount, wanted) => {
    const pages = pagesOf(vector.validity, rowCount);
    const values = encode(withoutNulls(vector, rowCount), pages);

    body.length = 0;
    const { dictionary } = values;
    dictionary?.put(body);
    const dictionaryEnd = body.length;
    const ends = pages.map((page) => {
      if (nullable) putLevels(body, vector.validity, page);
      values.put(body, page.start, page.end);
      return body.length;
    });
    // One codec serves a whole chunk. Ids, codes and deltas seldom shrink.
    const codec = isWorthwhile(wanted, body, 0, body.length) ? wanted : uncompressed;

    const chunkStart = out.length;
    let uncompressedSize = 0;
    if (dictionary) {
      const header = { 7: struct({ 1: i32(dictionary.size), 2: i32(Encoding.PLAIN) }) };
      uncompressedSize += putPage(out, codec, 0, dictionaryEnd, PageType.DICTIONARY_PAGE, header);
    }
    const written = pages.map(({ firstRow, rowCount: rows }, i): WrittenPage => {
      const offset = out.length - chunkStart;
      const header = {
        5: struct({
          1: i32(rows),
          2: i32(values.encoding),
          3: i32(Encoding.RLE),
          4: i32(Encoding.RLE),
        }),
      };
      const start = ends[i - 1] ?? dictionaryEnd;
      uncompressedSize += putPage(out, codec, start, ends[i]!, PageType.DATA_PAGE, header);
      return { offset, size: out.length - chunkStart - offset, firstRow };
    });

    const nullCounts = pages.map((page) => page.rowCount - (page.end - page.start));
    return {
      codec: codec.id,
      encoding: values.encoding,
      hasDictionary: dictionary !== undefined,
      valueCount: rowCount,
      uncompressedSize,
      compressedSize: out.length - chunkStart,
      pages: written,
      statistics: chunkStatistics(order, values.ranges, rowCount - pages.at(-1)!.end),
      pageStatistics: pageStatistics(order, values.ranges, nullCounts),
    };
  };
}

function pagesOf(validity: Uint8Array | undefined, rowCount: number): PageRows[] {
  const pages: PageRows[] = [];
  let start = 0;
  for (let firstRow = 0; firstRow < rowCount; firstRow += PAGE_ROWS) {
    const lastRow = Math.min(firstRow + PAGE_ROWS, rowCount);
    let end = start + lastRow - firstRow;
    if (validity) for (let row = firstRow; row < lastRow; row++) end -= 1 - validity[row]!;
    pages.push({ firstRow, rowCount: lastRow - firstRow, start, end });
    start = end;
  }
  return pages;
}

let levels = new Uint32Array(0);

/** Definition levels, 1 where there is a value, behind their length in bytes. */
function putLevels(
  out: ByteBuffer,
  validity: Uint8Array | undefined,
  { firstRow, rowCount }: PageRows,
): void {
  const lengthAt = out.length;
  putUint32(out, 0);
  if (validity) {
    levels = grown(levels, rowCount);
    levels.set(validity.subarray(firstRow, firstRow + rowCount));
    putHybrid(out, levels, 0, rowCount, 1);
  } else putRun(out, 1, rowCount, 1);
  out.view.setUint32(lengthAt, out.length - lengthAt - 4, true);
}

/** Writes bytes start … end of the body as a page; returns its size were it not compressed. */
function putPage(
  out: ByteBuffer,
  codec: PageCodec,
  start: number,
  end: number,
  type: number,
  typeHeader: Record<number, ThriftValue>,
): number {
  compressed.length = 0;
  if (codec !== uncompressed) codec.put(compressed, body, start, end);
  const size = codec === uncompressed ? end - start : compressed.length;
  const headerAt = out.length;
  struct({ 1: i32(type), 2: i32(end - start), 3: i32(size), ...typeHeader }).put(out);
  const headerSize = out.length - headerAt;
  if (codec === uncompressed) codec.put(out, body, start, end);
  else putBytes(out, compressed.bytes.subarray(0, size));
  return headerSize + end - start;
}
