import type { Utf8Values } from '../parquet/column-batch';
import { grown } from '../parquet/grown';
import { memory, type Arena } from './arena';
import { kernel } from './kernel';
import { BUCKET_BYTES, BUCKET_TEXTS } from './kernel-code';
import { source } from './kernel-source';
import { packTexts, type TextRanges } from './pack-texts';

/** Distinct texts, in the kernel's memory; the kernel finds and adds them. */
export interface TextDictionary {
  readonly size: number;
  /** The address of the kernel's Dictionary. */
  readonly address: number;
  /** How many bytes of text it has. */
  readonly textBytes: number;
  /** Makes room for one more text, of so many bytes. */
  makeRoom(length: number): void;
  /** All texts: a copy, which is the same as long as no text is added, and is never overwritten. */
  all(): Utf8Values;
  /** Where the text of each code stands, as long as none is added. */
  ranges(): TextRanges;
  /** The texts of these codes, one behind another. */
  textsOf(codes: Uint32Array, count: number): Utf8Values;
  /** Forgets all texts. */
  clear(): void;
}

const FIRST_BUCKETS = 64;
const FIRST_BYTES = 4096;
/** Memory for more is not kept for the next object. */
const KEPT_BUCKETS = 4096;
/** Texts are compared by sixteen bytes. */
const TEXT_PADDING = 16;
/** So that few buckets are full. */
const LOAD = 0.75;
/** Of both hashes of a text. */
const HASH_WORDS = 4;
const NO_TEXTS: Utf8Values = { bytes: new Uint8Array(0), offsets: new Uint32Array(1) };

// Words of the kernel's Dictionary.
const BYTES_WORD = 6;
const SIZE_WORD = 8;

export function createTextDictionary(arena: Arena): TextDictionary {
  const address = arena.struct([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const struct = new Int32Array(memory.buffer, address, 9);
  let capacity = 0;
  let offsets = new Uint32Array(0);
  let hashes = new Int32Array(0);
  let buckets = 0;
  let bucketCount = 0;
  let bytes = 0;
  let room = 0;
  /** What all() gave last, and where it has room to grow: what it gave before stays as it is. */
  let copied = NO_TEXTS;
  let copiedBytes = copied.bytes;
  let copiedOffsets = copied.offsets;

  const size = (): number => struct[SIZE_WORD]!;
  const textBytes = (): number => offsets[size()]!;
  const ranges = (): TextRanges => ({ base: bytes, starts: offsets, ends: offsets.subarray(1) });

  function reserve(count: number): void {
    const before = { offsets, hashes, buckets };
    const texts = count * BUCKET_TEXTS * LOAD;
    offsets = arena.uint32s(texts + 1);
    hashes = arena.int32s(texts * HASH_WORDS);
    buckets = arena.allocate(count * BUCKET_BYTES);
    const mask = count - 1;
    const shift = 32 + Math.clz32(mask);
    struct.set([buckets, mask, shift, offsets.byteOffset, hashes.byteOffset, texts]);
    if (capacity > 0) {
      offsets.set(before.offsets);
      hashes.set(before.hashes);
      kernel.fillBuckets(address);
      arena.free(before.offsets.byteOffset);
      arena.free(before.hashes.byteOffset);
      arena.free(before.buckets);
    }
    bucketCount = count;
    capacity = texts;
  }

  function reserveBytes(needed: number): void {
    const larger = arena.allocate(needed);
    if (room > 0) {
      source.bytes.copyWithin(larger, bytes, bytes + textBytes());
      arena.free(bytes);
    }
    bytes = larger;
    room = needed;
    struct.set([bytes, room - TEXT_PADDING], BYTES_WORD);
  }

  reserve(FIRST_BUCKETS);
  reserveBytes(FIRST_BYTES);

  return {
    address,
    get size() {
      return size();
    },
    get textBytes() {
      return textBytes();
    },
    makeRoom(length) {
      if (size() === capacity) reserve(bucketCount * (bucketCount < KEPT_BUCKETS ? 4 : 2));
      const needed = textBytes() + length + TEXT_PADDING;
      if (needed > room) reserveBytes(Math.max(room * 2, needed));
    },
    all() {
      const count = size();
      const known = copied.offsets.length - 1;
      if (known < count) {
        const [from, to] = [offsets[known]!, offsets[count]!];
        copiedBytes = grown(copiedBytes, to);
        copiedBytes.set(source.bytes.subarray(bytes + from, bytes + to), from);
        copiedOffsets = grown(copiedOffsets, count + 1);
        copiedOffsets.set(offsets.subarray(known + 1, count + 1), known + 1);
        copied = {
          bytes: copiedBytes.subarray(0, to),
          offsets: copiedOffsets.subarray(0, count + 1),
        };
      }
      return copied;
    },
    ranges,
    textsOf(codes, count) {
      const copied = { bytes: new Uint8Array(0), offsets: new Uint32Array(count + 1) };
      packTexts(ranges(), codes, count, copied, 0);
      return copied;
    },
    clear() {
      struct[SIZE_WORD] = 0;
      copied = NO_TEXTS;
      copiedBytes = copied.bytes;
      copiedOffsets = copied.offsets;
      kernel.renewCodes();
      if (bucketCount <= KEPT_BUCKETS) {
        source.bytes.fill(0, buckets, buckets + bucketCount * BUCKET_BYTES);
      } else {
        arena.free(offsets.byteOffset);
        arena.free(hashes.byteOffset);
        arena.free(buckets);
        capacity = 0;
        reserve(FIRST_BUCKETS);
      }
      if (room <= KEPT_BUCKETS * BUCKET_BYTES) return;
      arena.free(bytes);
      room = 0;
      reserveBytes(FIRST_BYTES);
    },
  };
}
