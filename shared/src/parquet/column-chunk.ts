import type { Column } from '../contract/column';
import { encodeBigint64, encodeFixedBytes } from './bigint-values';
import type { ByteBuffer } from './byte-buffer';
import type { PageCodec } from './codec';
import type { ColumnVector } from './column-batch';
import { MOST_VALUES } from './kernel';
import { encodeInt32, encodeInt64 } from './number-values';
import { putPages, type WrittenPages } from './pages';
import { Type } from './parquet-format';
import { physicalType } from './physical-type';
import { chunkStatistics, type ChunkStatistics } from './statistics';
import { encodeStrings } from './string-values';
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

/** What the footer and the page index tell of a column chunk. Offsets count from its start. */
export interface WrittenChunk extends WrittenPages {
  /** Of the data pages. */
  encoding: number;
  hasDictionary: boolean;
  valueCount: number;
  compressedSize: number;
  statistics: ChunkStatistics;
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
        return encodeInt32(values instanceof Int32Array ? values : new Int32Array(values), pages);
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
const PAGE_ROWS = MOST_VALUES;

function chunkWriter<V>(
  nullable: boolean,
  order: ValueOrder<V>,
  encode: (vector: ColumnVector, pages: PageRows[]) => ValueEncoding<V>,
): ChunkWriter {
  return (out, vector, rowCount, codec) => {
    const pages = pagesOf(vector.validity, rowCount);
    const values = encode(withoutNulls(vector, rowCount), pages);
    const levels = nullable ? { validity: vector.validity } : undefined;
    const chunkStart = out.length;
    const written = putPages(out, values, levels, pages, codec);
    const nullCounts = pages.map((page) => page.rowCount - (page.end - page.start));
    return {
      codec: written.codec,
      uncompressedSize: written.uncompressedSize,
      pages: written.pages,
      encoding: values.encoding,
      hasDictionary: values.dictionary !== undefined,
      valueCount: rowCount,
      compressedSize: out.length - chunkStart,
      statistics: chunkStatistics(order, values.ranges, nullCounts),
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
