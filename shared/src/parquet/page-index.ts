import type { ByteBuffer } from './byte-buffer';
import type { WrittenChunk } from './column-chunk';
import { binary, boolList, i32, i64, list, struct } from './thrift-compact';

/**
 * Writes the least and greatest value and the nulls of each page, by which a reader skips pages;
 * nothing where a page has no bounds.
 * https://github.com/apache/parquet-format/blob/master/PageIndex.md
 */
export function putColumnIndex(
  out: ByteBuffer,
  { pageStatistics: { bounds, boundaryOrder, nullCounts } }: WrittenChunk,
): void {
  if (!bounds) return;
  struct({
    1: boolList(bounds.map(({ allNull }) => allNull)),
    2: list(bounds.map(({ minimum }) => binary(minimum))),
    3: list(bounds.map(({ maximum }) => binary(maximum))),
    4: i32(boundaryOrder),
    5: list(nullCounts.map(i64)),
  }).put(out);
}

/** Writes where each page of a chunk that starts at `chunkOffset` in the file is. */
export function putOffsetIndex(
  out: ByteBuffer,
  { pages }: WrittenChunk,
  chunkOffset: number,
): void {
  struct({
    1: list(
      pages.map(({ offset, size, firstRow }) =>
        struct({ 1: i64(chunkOffset + offset), 2: i32(size), 3: i64(firstRow) }),
      ),
    ),
  }).put(out);
}
