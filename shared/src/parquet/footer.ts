import { putBytes, putUint32, putZigzag, type ByteBuffer } from './byte-buffer';
import type { WrittenChunk } from './column-chunk';
import type { ColumnLayout, FileLayout } from './file-layout';
import { putMagic } from './magic';
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

/** Of the encodings that are used, DELTA_BINARY_PACKED is one of the second version. */
const FORMAT_VERSION = 2;

/**
 * Writes the end of a file: its FileMetaData, the length of that, and the magic bytes.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export function putFooter(
  out: ByteBuffer,
  { schema, columns }: FileLayout,
  rowGroups: readonly PlacedRowGroup[],
  metadata: ReadonlyMap<string, string>,
): void {
  const start = out.length;
  putI32(out, 1, FORMAT_VERSION); // version
  putBytes(out, schema); // schema
  putI64(
    out,
    1,
    sumOf(rowGroups, ({ rowCount }) => rowCount),
  ); // num_rows
  putList(out, 1, Thrift.STRUCT, rowGroups.length); // row_groups
  for (const [i, rowGroup] of rowGroups.entries()) putRowGroup(out, columns, rowGroup, i);
  putList(out, 1, Thrift.STRUCT, metadata.size); // key_value_metadata
  for (const [key, value] of metadata) {
    putText(out, 1, key);
    putText(out, 1, value);
    endStruct(out);
  }
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
}

function putRowGroup(
  out: ByteBuffer,
  columns: readonly ColumnLayout[],
  { rowCount, chunks }: PlacedRowGroup,
  ordinal: number,
): void {
  putList(out, 1, Thrift.STRUCT, columns.length); // columns
  for (const [i, column] of columns.entries()) putColumnChunk(out, column, chunks[i]!);
  putI64(
    out,
    1,
    sumOf(chunks, ({ chunk }) => chunk.uncompressedSize),
  ); // total_byte_size
  putI64(out, 1, rowCount); // num_rows
  putI64(out, 2, chunks[0]!.offset); // file_offset
  putI64(
    out,
    1,
    sumOf(chunks, ({ chunk }) => chunk.compressedSize),
  ); // total_compressed_size
  // A 16-bit number; it may be left out.
  if (ordinal <= 0x7fff) putI16(out, 1, ordinal); // ordinal
  endStruct(out);
}

function sumOf<T>(values: readonly T[], sizeOf: (value: T) => number): number {
  let sum = 0;
  for (const value of values) sum += sizeOf(value);
  return sum;
}

function putColumnChunk(
  out: ByteBuffer,
  column: ColumnLayout,
  { chunk, offset, columnIndex, offsetIndex }: PlacedChunk,
): void {
  putI64(out, 2, 0); // file_offset: deprecated, yet required
  putStruct(out, 1); // meta_data
  putColumnMetadata(out, column, chunk, offset);
  if (offsetIndex) {
    putI64(out, 1, offsetIndex.offset); // offset_index_offset
    putI32(out, 1, offsetIndex.size); // offset_index_length
  }
  if (columnIndex) {
    putI64(out, offsetIndex ? 1 : 3, columnIndex.offset); // column_index_offset
    putI32(out, 1, columnIndex.size); // column_index_length
  }
  endStruct(out);
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
