import { putByte, putZigzag, type ByteBuffer } from './byte-buffer';
import { Encoding, PageType } from './parquet-format';

export type PageKind = { dictionarySize: number } | { rows: number; encoding: number };

/** At most so many bytes: each of seven numbers takes up to five. */
export const LONGEST_PAGE_HEADER = 48;

/**
 * Writes a PageHeader in Thrift's compact protocol, by hand: there is one for every page.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export function putPageHeader(
  out: ByteBuffer,
  kind: PageKind,
  uncompressedSize: number,
  compressedSize: number,
): void {
  const isDictionary = 'dictionarySize' in kind;
  putNext(out, isDictionary ? PageType.DICTIONARY_PAGE : PageType.DATA_PAGE);
  putNext(out, uncompressedSize);
  putNext(out, compressedSize);
  if (isDictionary) {
    putByte(out, DICTIONARY_PAGE_HEADER);
    putNext(out, kind.dictionarySize);
    putNext(out, Encoding.PLAIN);
  } else {
    putByte(out, DATA_PAGE_HEADER);
    putNext(out, kind.rows);
    putNext(out, kind.encoding);
    // Of definition and of repetition levels.
    putNext(out, Encoding.RLE);
    putNext(out, Encoding.RLE);
  }
  putByte(out, END);
  putByte(out, END);
}

/** The field after the one before, an i32. */
const NEXT_I32 = 0x15;
/** Fields 5 and 7, behind field 3; structs. */
const DATA_PAGE_HEADER = 0x2c;
const DICTIONARY_PAGE_HEADER = 0x4c;
const END = 0;

function putNext(out: ByteBuffer, value: number): void {
  putByte(out, NEXT_I32);
  putZigzag(out, value);
}
