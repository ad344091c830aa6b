import { putZigzag, type ByteBuffer } from './byte-buffer';
import type { WrittenChunk } from './column-chunk';
import {
  endStruct,
  putBinaryElement,
  putBoolElement,
  putI32,
  putI64,
  putList,
  Thrift,
} from './thrift-compact';

/**
 * Writes the least and greatest value and the nulls of each page, by which a reader skips pages;
 * nothing where a page has no bounds.
 * https://github.com/apache/parquet-format/blob/master/PageIndex.md
 */
export function putColumnIndex(out: ByteBuffer, { statistics }: WrittenChunk): void {
  const { bounds, boundaryOrder, nullCounts } = statistics.pages;
  if (!bounds) return;
  putList(out, 1, Thrift.TRUE, bounds.length); // null_pages
  for (const { allNull } of bounds) putBoolElement(out, allNull);
  putList(out, 1, Thrift.BINARY, bounds.length); // min_values
  for (const { minimum } of bounds) putBinaryElement(out, minimum);
  putList(out, 1, Thrift.BINARY, bounds.length); // max_values
  for (const { maximum } of bounds) putBinaryElement(out, maximum);
  putI32(out, 1, boundaryOrder); // boundary_order
  putList(out, 1, Thrift.I64, nullCounts.length); // null_counts
  for (const nulls of nullCounts) putZigzag(out, nulls);
  endStruct(out);
}

/** Writes where each page of a chunk that starts at `chunkOffset` in the file is. */
export function putOffsetIndex(
  out: ByteBuffer,
  { pages }: WrittenChunk,
  chunkOffset: number,
): void {
  putList(out, 1, Thrift.STRUCT, pages.length); // page_locations
  for (const { offset, size, firstRow } of pages) {
    putI64(out, 1, chunkOffset + offset); // offset
    putI32(out, 1, size); // compressed_page_size
    putI64(out, 1, firstRow); // first_row_index
    endStruct(out);
  }
  endStruct(out);
}
