import { createByteBuffer, type ByteBuffer } from './byte-buffer';
import { isWorthwhile, snappy, uncompressed, type PageCodec } from './codec';
import type { Utf8Values } from './column-batch';
import { putLevels } from './levels';
import { idLength, putSnappyIds } from './snappy-ids';
import type { PageRows, ValueEncoding } from './value-encoding';

/** The pages of a column chunk as they are stored, without their headers, one behind another. */
export interface PageContents {
  /** One codec serves a whole chunk. */
  codec: PageCodec;
  dictionary?: PageContent;
  pages: PageContent[];
  /** A view that the next chunk overwrites. */
  bytes: Uint8Array;
}

export interface PageContent {
  /** Where it ends among the bytes. */
  end: number;
  /** Its size before compression. */
  uncompressed: number;
}

/** Of a nullable column: a byte a row, 1 where there is a value; absent where none is null. */
export interface Levels {
  validity: Uint8Array | undefined;
}

// Encoding never waits in between, so every column of every file can use the same.
const body = createByteBuffer();
const compressed = createByteBuffer();

/** Writes the pages, compressed by the codec where that is worthwhile. */
export function pageContents<V>(
  values: ValueEncoding<V>,
  levels: Levels | undefined,
  pages: PageRows[],
  wanted: PageCodec,
): PageContents {
  const { strings } = values;
  const length = wanted === snappy && strings && idLength(strings, 0, pages.at(-1)!.end);
  return length
    ? idContents(strings, length, levels, pages)
    : anyContents(values, levels, pages, wanted);
}

/** Of ids, which Snappy alone makes smaller at no cost to speak of. */
function idContents(
  ids: Utf8Values,
  length: number,
  levels: Levels | undefined,
  pages: PageRows[],
): PageContents {
  compressed.length = 0;
  const contents = pages.map((page): PageContent => {
    body.length = 0;
    if (levels) putLevels(body, levels.validity, page);
    const head = body.bytes.subarray(0, body.length);
    const size = putSnappyIds(compressed, head, ids, length, page.start, page.end);
    return { end: compressed.length, uncompressed: size };
  });
  return { codec: snappy, pages: contents, bytes: written(compressed) };
}

function anyContents<V>(
  values: ValueEncoding<V>,
  levels: Levels | undefined,
  pages: PageRows[],
  wanted: PageCodec,
): PageContents {
  body.length = 0;
  values.dictionary?.put(body);
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

  compressed.length = 0;
  const content = (shrinks: boolean, start: number, end: number): PageContent => {
    if (codec === uncompressed) return { end, uncompressed: end - start };
    if (shrinks) codec.put(compressed, body, start, end);
    else codec.putAsIs(compressed, body, start, end);
    return { end: compressed.length, uncompressed: end - start };
  };
  return {
    codec,
    dictionary: values.dictionary && content(shrinksDictionary, 0, dictionaryEnd),
    pages: ends.map((end, i) => content(shrinksPages, ends[i - 1] ?? dictionaryEnd, end)),
    bytes: written(codec === uncompressed ? body : compressed),
  };
}

/** The share that a dictionary must have of a chunk. */
const WORTH_A_LOOK = 1 / 16;

function written({ bytes, length }: ByteBuffer): Uint8Array {
  return bytes.subarray(0, length);
}
