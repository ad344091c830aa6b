import { createByteBuffer, putBytes, putUint32, putZigzag, type ByteBuffer } from './byte-buffer';
import type { WrittenChunk } from './column-chunk';
import type { ColumnLayout, FileLayout } from './file-layout';
import { putMagic } from './magic';
import { putColumnIndex, putOffsetIndex } from './page-index';
import { Encoding, PageType } from './parquet-format';
import type { ChunkStatistics } from './statistics';
import {
  endStruct,
  putBinary,
  putBinaryElement,
  putBool,
  putI16,
  putI32,
  putI64,
  putList,
  putStruct,
  putText,
  Thrift,
} from './thrift-compact';

/** A column chunk and where it stands in the file. */
export interface PlacedChunk {
  chunk: WrittenChunk;
  offset: number;
}

/** What a file has behind its row groups: the page index and the footer. */
export interface FileTail {
  /** Takes a row group that was written: what is to be said of it, as bytes, which take little memory. */
  add(rowCount: number, chunks: readonly PlacedChunk[]): void;
  /** Writes it all, to where `position` is that of the next byte in the file. */
  put(out: ByteBuffer, position: number, metadata: ReadonlyMap<string, string>): void;
}

/** Of the encodings that are used, DELTA_BINARY_PACKED is one of the second version. */
const FORMAT_VERSION = 2;

/** What a chunk has in the tail, in the order in which it is kept. */
const METADATA = 0;
const COLUMN_INDEX = 1;
const OFFSET_INDEX = 2;
const PARTS = 3;

interface RowGroup {
  rowCount: number;
  offset: number;
  uncompressedSize: number;
  compressedSize: number;
}

export function createFileTail({ schema, columns }: FileLayout): FileTail {
  const rowGroups: RowGroup[] = [];
  const parts = createByteBuffer();
  /** Where the parts of the chunks end, one behind another. */
  const ends: number[] = [];

  function part(chunk: number, kind: number): Uint8Array {
    const i = chunk * PARTS + kind;
    return parts.bytes.subarray(ends[i - 1] ?? 0, ends[i]);
  }

  /** https://github.com/apache/parquet-format/blob/master/PageIndex.md */
  function putPageIndex(out: ByteBuffer): void {
    const chunks = ends.length / PARTS;
    for (const kind of [COLUMN_INDEX, OFFSET_INDEX]) {
      for (let chunk = 0; chunk < chunks; chunk++) putBytes(out, part(chunk, kind));
    }
  }

  /** The page index begins at `position`. */
  function putRowGroups(out: ByteBuffer, position: number): void {
    const indexAt = [0, position, position];
    for (let i = COLUMN_INDEX; i < ends.length; i += PARTS) {
      indexAt[OFFSET_INDEX]! += ends[i]! - ends[i - 1]!;
    }
    const next = (chunk: number, kind: number): PlacedPart => {
      const { length: size } = part(chunk, kind);
      const offset = indexAt[kind]!;
      indexAt[kind] = offset + size;
      return { offset, size };
    };
    putList(out, 1, Thrift.STRUCT, rowGroups.length); // row_groups
    for (const [ordinal, rowGroup] of rowGroups.entries()) {
      putList(out, 1, Thrift.STRUCT, columns.length); // columns
      for (let i = 0; i < columns.length; i++) {
        const chunk = ordinal * columns.length + i;
        putI64(out, 2, 0); // file_offset: deprecated, yet required
        putStruct(out, 1); // meta_data
        putBytes(out, part(chunk, METADATA));
        putIndexes(out, next(chunk, COLUMN_INDEX), next(chunk, OFFSET_INDEX));
        endStruct(out);
      }
      putI64(out, 1, rowGroup.uncompressedSize); // total_byte_size
      putI64(out, 1, rowGroup.rowCount); // num_rows
      putI64(out, 2, rowGroup.offset); // file_offset
      putI64(out, 1, rowGroup.compressedSize); // total_compressed_size
      // A 16-bit number; it may be left out.
      if (ordinal <= 0x7fff) putI16(out, 1, ordinal); // ordinal
      endStruct(out);
    }
  }

  return {
    add(rowCount, chunks) {
      for (const [i, { chunk, offset }] of chunks.entries()) {
        putColumnMetadata(parts, columns[i]!, chunk, offset);
        ends.push(parts.length);
        putColumnIndex(parts, chunk);
        ends.push(parts.length);
        putOffsetIndex(parts, chunk, offset);
        ends.push(parts.length);
      }
      rowGroups.push({
        rowCount,
        offset: chunks[0]!.offset,
        uncompressedSize: sumOf(chunks, ({ chunk }) => chunk.uncompressedSize),
        compressedSize: sumOf(chunks, ({ chunk }) => chunk.compressedSize),
      });
    },
    put(out, position, metadata) {
      putPageIndex(out);
      const start = out.length;
      putI32(out, 1, FORMAT_VERSION); // version
      putBytes(out, schema); // schema
      putI64(
        out,
        1,
        sumOf(rowGroups, ({ rowCount }) => rowCount),
      ); // num_rows
      putRowGroups(out, position);
      putKeyValues(out, metadata);
      putText(out, 1, 'saleslake'); // created_by
      putList(out, 1, Thrift.STRUCT, columns.length); // column_orders
      for (let i = 0; i < columns.length; i++) {
        // Every bound follows the order that the type defines.
        putStruct(out, 1);
        endStruct(out);
        endStruct(out);
      }
      endStruct(out);
      putUint32(out, out.length - start);
      putMagic(out);
    },
  };
}

function putKeyValues(out: ByteBuffer, metadata: ReadonlyMap<string, string>): void {
  putList(out, 1, Thrift.STRUCT, metadata.size); // key_value_metadata
  for (const [key, value] of metadata) {
    putText(out, 1, key);
    putText(out, 1, value);
    endStruct(out);
  }
}

function sumOf<T>(values: readonly T[], sizeOf: (value: T) => number): number {
  let sum = 0;
  for (const value of values) sum += sizeOf(value);
  return sum;
}

interface PlacedPart {
  offset: number;
  size: number;
}

function putIndexes(out: ByteBuffer, columnIndex: PlacedPart, offsetIndex: PlacedPart): void {
  putI64(out, 1, offsetIndex.offset); // offset_index_offset
  putI32(out, 1, offsetIndex.size); // offset_index_length
  if (columnIndex.size === 0) return;
  putI64(out, 1, columnIndex.offset); // column_index_offset
  putI32(out, 1, columnIndex.size); // column_index_length
}

function putColumnMetadata(
  out: ByteBuffer,
  { name, type }: ColumnLayout,
  chunk: WrittenChunk,
  offset: number,
): void {
  const { encoding, hasDictionary } = chunk;
  putI32(out, 1, type); // type
  putList(out, 1, Thrift.I32, hasDictionary ? 3 : 2); // encodings
  putZigzag(out, Encoding.RLE);
  putZigzag(out, encoding);
  if (hasDictionary) putZigzag(out, Encoding.PLAIN);
  putList(out, 1, Thrift.BINARY, 1); // path_in_schema
  putBinaryElement(out, name);
  putI32(out, 1, chunk.codec); // codec
  putI64(out, 1, chunk.valueCount); // num_values
  putI64(out, 1, chunk.uncompressedSize); // total_uncompressed_size
  putI64(out, 1, chunk.compressedSize); // total_compressed_size
  putI64(out, 2, offset + chunk.pages[0]!.offset); // data_page_offset
  if (hasDictionary) putI64(out, 2, offset); // dictionary_page_offset
  putStruct(out, hasDictionary ? 1 : 3); // statistics
  putStatistics(out, chunk.statistics);
  putList(out, 1, Thrift.STRUCT, hasDictionary ? 2 : 1); // encoding_stats
  if (hasDictionary) putPageCount(out, PageType.DICTIONARY_PAGE, Encoding.PLAIN, 1);
  putPageCount(out, PageType.DATA_PAGE, encoding, chunk.pages.length);
  endStruct(out);
}

function putStatistics(out: ByteBuffer, { nullCount, minimum, maximum }: ChunkStatistics): void {
  putI64(out, 3, nullCount); // null_count
  if (maximum) putBinary(out, 2, maximum.bytes); // max_value
  if (minimum) {
    putBinary(out, maximum ? 1 : 3, minimum.bytes); // min_value
    if (maximum) putBool(out, 1, maximum.exact); // is_max_value_exact
    putBool(out, maximum ? 1 : 2, minimum.exact); // is_min_value_exact
  }
  endStruct(out);
}

function putPageCount(out: ByteBuffer, type: number, encoding: number, count: number): void {
  putI32(out, 1, type); // page_type
  putI32(out, 1, encoding); // encoding
  putI32(out, 1, count); // count
  endStruct(out);
}
