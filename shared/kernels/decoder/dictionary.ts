import { MISS, firstBytes, isEscaped, sameBytes } from './bytes';
import { hashText, putTextHashes, textFactor, wordFactor } from './hash';

/**
 * Four texts. Their keys are compared at once, and nearly all texts stand in the bucket in which they are
 * looked for first: there is little to decide, and one look into memory tells of a short text which it is.
 *
 * A bucket has four keys of 8 bytes; four codes; and four extents: how many bytes a text has plus one, 0 where
 * there is none.
 */
export const BUCKET_TEXTS: u32 = 4;
export const BUCKET_BYTES: u32 = 64;
const CODES: usize = 32;
const EXTENTS: usize = 48;
const LAST_EXTENT: usize = 60;
/** Is set in the extent of a text that no JSON string has as it stands: it is not found where one was read. */
const ESCAPED: u32 = 1 << 31;

/** The key of a text of less than sixteen bytes, which zeros fill up: of at most eight, the text itself. */
export function shortKey(text: v128): u64 {
  return v128.extract_lane<u64>(text, 0) + v128.extract_lane<u64>(text, 1) * wordFactor;
}

function keyOf(start: usize, length: u32): u64 {
  if (length >= 16) return hashText(start, length);
  return shortKey(v128.and(v128.load(start), firstBytes(length)));
}

/** The extent of a text without anything to escape. */
export function plainExtent(length: u32): u32 {
  return length + 1;
}

function extentOf(start: usize, length: u32): u32 {
  return isEscaped(start, length) ? plainExtent(length) | ESCAPED : plainExtent(length);
}

/** Distinct texts. The host makes room for more. */
@unmanaged
export class Dictionary {
  buckets: usize;
  /** The number of buckets less one, and of 64 bits all but as many as it has. */
  mask: u32;
  shift: i32;
  /** Text i is bytes[offsets[i]] … bytes[offsets[i + 1]]. */
  offsets: usize;
  /** Two hashes of each text. */
  hashes: usize;
  /** For how many texts there is room. */
  mostTexts: u32;
  bytes: usize;
  mostBytes: u32;
  size: u32;

  /** The code of a text with this key and extent, or MISS. */
  @inline
  find(key: u64, extent: u32, start: usize, length: u32): i32 {
    let bucket = this.bucketOf(key);
    let found = this.slotsOf(key, bucket);
    while (true) {
      if (found == 0) {
        // Where there is room in a bucket, no text has gone to the next.
        if (load<u32>(bucket, LAST_EXTENT) == 0) break;
        bucket = this.behind(bucket);
        found = this.slotsOf(key, bucket);
        continue;
      }
      const slot = bucket + (ctz(found) << 2);
      if (load<u32>(slot, EXTENTS) == extent) {
        const code = load<u32>(slot, CODES);
        if (length <= 8 || sameBytes(this.startOf(code), start, length)) return code;
      }
      found &= found - 1;
    }
    return MISS;
  }

  /** Whether there is room for one more text, of so many bytes. */
  hasRoom(length: u32): bool {
    const bytes = load<u32>(this.offsets + (this.size << 2));
    return this.size < this.mostTexts && bytes + length <= this.mostBytes;
  }

  /** Adds a text that `find` has not found, where there is room. @returns its code. */
  add(start: usize, length: u32): u32 {
    const code = this.size++;
    const offset = this.offsets + (code << 2);
    const at = load<u32>(offset);
    memory.copy(this.bytes + at, start, length);
    store<u32>(offset, at + length, 4);
    putTextHashes(start, length, this.hashes + (code << 4));
    this.enter(code);
    return code;
  }

  /** Lets `find` find the text of a code. */
  enter(code: u32): void {
    const start = this.startOf(code);
    const length = this.lengthOf(code);
    const key = keyOf(start, length);
    let bucket = this.bucketOf(key);
    while (load<u32>(bucket, LAST_EXTENT) != 0) bucket = this.behind(bucket);
    let i: u32 = 0;
    while (load<u32>(bucket + (i << 2), EXTENTS) != 0) i++;
    store<u64>(bucket + (i << 3), key);
    store<u32>(bucket + (i << 2), code, CODES);
    store<u32>(bucket + (i << 2), extentOf(start, length), EXTENTS);
  }

  startOf(code: u32): usize {
    return this.bytes + load<u32>(this.offsets + (code << 2));
  }

  lengthOf(code: u32): u32 {
    const offset = this.offsets + (code << 2);
    return load<u32>(offset, 4) - load<u32>(offset);
  }

  @inline
  private bucketOf(key: u64): usize {
    return this.buckets + <u32>((key * textFactor) >> this.shift) * BUCKET_BYTES;
  }

  private behind(bucket: usize): usize {
    const next = (bucket - this.buckets) / BUCKET_BYTES + 1;
    return this.buckets + (next & this.mask) * BUCKET_BYTES;
  }

  /** A bit for each of four slots that has the key. */
  @inline
  private slotsOf(key: u64, bucket: usize): i32 {
    const keys = i64x2.splat(key);
    const first = i64x2.bitmask(i64x2.eq(keys, v128.load(bucket)));
    return first | (i64x2.bitmask(i64x2.eq(keys, v128.load(bucket, 16))) << 2);
  }
}

/** The code of any text, or MISS. */
export function findText(dictionary: Dictionary, start: usize, length: u32): i32 {
  return dictionary.find(keyOf(start, length), extentOf(start, length), start, length);
}

/** Enters all texts into empty buckets. */
export function fillBuckets(dictionary: Dictionary): void {
  for (let code: u32 = 0; code < dictionary.size; code++) dictionary.enter(code);
}
