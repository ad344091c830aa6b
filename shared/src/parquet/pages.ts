import { createByteBuffer, putBytes, reserve, type ByteBuffer } from './byte-buffer';
import { isWorthwhile, snappy, uncompressed, type PageCodec } from './codec';
import { putLevels } from './levels';
import { LONGEST_PAGE_HEADER, putPageHeader, type PageKind } from './page-header';
import type { PageRows, ValueEncoding } from './value-encoding';

/** The pages of a column chunk. */
export interface WrittenPages {
  /** One codec serves a whole chunk. */
  codec: number;
  /** With their headers, and the dictionary. */
  uncompressedSize: number;
  /** Those of data. */
  pages: WrittenPage[];
}

/** A page in the file, as the page index shows it. */
export interface WrittenPage {
  /** From the start of the chunk, with the header. */
  offset: number;
  size: number;
  firstRow: number;
}

/** Of a nullable column: a byte a row, 1 where there is a value; absent where none is null. */
export interface Levels {
  validity: Uint8Array | undefined;
}

// Encoding never waits in between, so every column of every file can use the same.
const body = createByteBuffer();
const compressed = createByteBuffer();

/** Writes the chunk's dictionary, where it has one, and its pages, compressed where that is worthwhile. */
export function putPages<V>(
  out: ByteBuffer,
  values: ValueEncoding<V>,
  levels: Levels | undefined,
  pages: PageRows[],
  wanted: PageCodec,
): WrittenPages {
  const { snappyIds } = values;
  if (wanted !== snappy || !snappyIds) return putAnyPages(out, values, levels, pages, wanted);
  // Ids are what Snappy makes smaller at no cost to speak of.
  const writer = pageWriter(out, values.encoding, snappy);
  for (const page of pages) {
    body.length = 0;
    if (levels) putLevels(body, levels.validity, page);
    const { bytes, uncompressed } = snappyIds(written(body), page.start, page.end);
    if (page.firstRow === 0) reservePages(out, pages.length, uncompressed * pages.length);
    writer.putData(page, bytes, uncompressed);
  }
  return writer.written;
}

function putAnyPages<V>(
  out: ByteBuffer,
  values: ValueEncoding<V>,
  levels: Levels | undefined,
  pages: PageRows[],
  wanted: PageCodec,
): WrittenPages {
  const { dictionary, encoding } = values;
  body.length = 0;
  dictionary?.put(body);
  const dictionaryEnd = body.length;
  const ends = pages.map((page) => {
    if (levels) putLevels(body, levels.validity, page);
    values.put(body, page.start, page.end);
    return body.length;
  });
  const shrinksDictionary =
    dictionaryEnd > body.length * WORTH_A_LOOK && isWorthwhile(wanted, body, 0, dictionaryEnd);
  const shrinksPages = isWorthwhile(wanted, body, dictionaryEnd, body.length);
  const codec = shrinksDictionary || shrinksPages ? wanted : uncompressed;

  function stored(shrinks: boolean, start: number, end: number): Uint8Array {
    if (codec === uncompressed) return body.bytes.subarray(start, end);
    compressed.length = 0;
    if (shrinks) codec.put(compressed, body, start, end);
    else codec.putAsIs(compressed, body, start, end);
    return written(compressed);
  }

  reservePages(out, pages.length + 1, body.length);
  const writer = pageWriter(out, encoding, codec);
  if (dictionary) {
    writer.putDictionary(
      dictionary.size,
      stored(shrinksDictionary, 0, dictionaryEnd),
      dictionaryEnd,
    );
  }
  let start = dictionaryEnd;
  for (const [i, end] of ends.entries()) {
    writer.putData(pages[i]!, stored(shrinksPages, start, end), end - start);
    start = end;
  }
  return writer.written;
}

/** The share that a dictionary must have of a chunk. */
const WORTH_A_LOOK = 1 / 16;

function reservePages(out: ByteBuffer, count: number, bytes: number): void {
  reserve(out, bytes + count * LONGEST_PAGE_HEADER);
}

/** Puts pages behind their headers. */
function pageWriter(out: ByteBuffer, encoding: number, codec: PageCodec) {
  const start = out.length;
  const written: WrittenPages = { codec: codec.id, uncompressedSize: 0, pages: [] };
  function put(kind: PageKind, bytes: Uint8Array, uncompressed: number): void {
    const at = out.length;
    putPageHeader(out, kind, uncompressed, bytes.length);
    written.uncompressedSize += out.length - at + uncompressed;
    putBytes(out, bytes);
  }
  return {
    written,
    putDictionary(size: number, bytes: Uint8Array, uncompressed: number): void {
      put({ dictionarySize: size }, bytes, uncompressed);
    },
    putData({ rowCount, firstRow }: PageRows, bytes: Uint8Array, uncompressed: number): void {
      const at = out.length;
      put({ rows: rowCount, encoding }, bytes, uncompressed);
      written.pages.push({ offset: at - start, size: out.length - at, firstRow });
    },
  };
}

function written({ bytes, length }: ByteBuffer): Uint8Array {
  return bytes.subarray(0, length);
}
