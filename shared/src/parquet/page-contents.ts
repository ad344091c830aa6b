import { createByteBuffer, type ByteBuffer } from './byte-buffer';
import { isWorthwhile, snappy, uncompressed, type PageCodec } from './codec';
import type { Utf8Values } from './column-batch';
import { putLevels } from './levels';
import { idLength, plainIdBytes, snappyIds } from './snappy-ids';
import type { PageRows, ValueEncoding } from './value-encoding';

/** The pages of a column chunk as they are stored, without their headers. */
export interface PageContents {
  /** One codec serves a whole chunk. */
  codec: PageCodec;
  /** Of its dictionary, where it has one, and then of each page. */
  contents: Iterable<PageContent>;
  /** All together take hardly more. */
  likelyBytes: number;
}

export interface PageContent {
  /** A view that the next content overwrites. */
  bytes: Uint8Array;
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
  function* contents(): Generator<PageContent, void> {
    for (const page of pages) {
      body.length = 0;
      if (levels) putLevels(body, levels.validity, page);
      yield snappyIds(written(body), ids, length, page.start, page.end);
    }
  }
  const count = pages.at(-1)!.end;
  return { codec: snappy, contents: contents(), likelyBytes: plainIdBytes(length, count) };
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

  const content = (shrinks: boolean, start: number, end: number): PageContent => {
    const size = end - start;
    if (codec === uncompressed)
      return { bytes: body.bytes.subarray(start, end), uncompressed: size };
    compressed.length = 0;
    if (shrinks) codec.put(compressed, body, start, end);
    else codec.putAsIs(compressed, body, start, end);
    return { bytes: written(compressed), uncompressed: size };
  };
  function* contents(): Generator<PageContent, void> {
    let start = dictionaryEnd;
    if (values.dictionary) yield content(shrinksDictionary, 0, start);
    for (const end of ends) {
      yield content(shrinksPages, start, end);
      start = end;
    }
  }
  return { codec, contents: contents(), likelyBytes: body.length };
}

/** The share that a dictionary must have of a chunk. */
const WORTH_A_LOOK = 1 / 16;

function written({ bytes, length }: ByteBuffer): Uint8Array {
  return bytes.subarray(0, length);
}
