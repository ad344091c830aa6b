/** The largest record that is read. A larger one is rejected, and is never in memory as a whole. */
export const RECORD_BYTES = 16 << 20;
/** As much is decoded at once: what stays in the caches of the processor. */
export const PIECE_BYTES = 256 * 1024;
/** How many bytes may be read behind the end of the records. */
export const PADDING = 64;

/**
 * The bytes that are being decoded. Decoding never waits in between, so that every object can use
 * the same; and code that always reads the same bytes, known when it is compiled, takes half the
 * time of code that has to ask which they are and how many. Memory that is not touched costs nothing.
 *
 * For the compiler to know, functions must have it from a constant around them that is no global
 * one: bundling makes variables of those.
 */
export const source: ByteSource = createByteSource(RECORD_BYTES + PIECE_BYTES + PADDING);

export interface ByteSource {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Behind the last that was put there. */
  end: number;
  /** Where text may be put that a record has only in escaped form: over the record itself. */
  spare: number;
}

function createByteSource(size: number): ByteSource {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size), end: 0, spare: 0 };
}

/** How many rows are decoded together: their values and their text stay in the caches. */
export const STAGE_ROWS = 256;

// One step of each of three lanes: takes a word in. Each is a bijection for a given word or state.
// Odd factors of no structure; and the shifts differ, so that a difference which cancels itself in
// one lane does not in the others.

export function mixA(state: number, word: number): number {
  const x = Math.imul(state ^ word, 0x9e3779b1);
  return x ^ (x >>> 15);
}

export function mixB(state: number, word: number): number {
  const x = Math.imul(state ^ word, 0x85ebca77);
  return x ^ (x >>> 13);
}

export function mixC(state: number, word: number): number {
  const x = Math.imul(state ^ word, 0xc2b2ae3d);
  return x ^ (x >>> 16);
}

/** What hashText has computed last: an object for each text would take longer than its hash. */
export const textHash = { a: 0, b: 0, c: 0 };

/**
 * With which the lanes begin: nobody can prepare texts that share a hash. node:crypto would be no
 * safer, as no seed is ever seen from outside, and takes longer to load than all of this.
 */
export const SEEDS = { a: seed(), b: seed(), c: seed() } as const;

function seed(): number {
  return (Math.random() * 2 ** 32) | 0;
}

/** Hashes the bytes from `start` to `end`, four at a time, in three lanes into `textHash`. */
export function hashText(view: DataView, start: number, end: number): void {
  let a: number = SEEDS.a;
  let b: number = SEEDS.b;
  let c: number = SEEDS.c;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at, true);
    a = mixA(a, word);
    b = mixB(b, word);
    c = mixC(c, word);
  }
  // The last 0 to 3 bytes, and the length.
  const tail = view.getInt32(at, true) & ((1 << ((end - at) << 3)) - 1);
  const length = end - start;
  textHash.a = mixA(mixA(a, tail), length);
  textHash.b = mixB(mixB(b, tail), length);
  textHash.c = mixC(mixC(c, tail), length);
}

/** Beyond, a native copy is faster than a loop. */
const LONG = 64;

/**
 * Copies bytes, and up to seven too many. A double keeps all bits but those of a NaN, of which
 * UTF-8 has none: it needs f0 … ff before 7f or ff.
 */
export function copyText(
  from: DataView,
  start: number,
  into: DataView,
  to: number,
  length: number,
): void {
  if (length > LONG) {
    bytesOf(into, to, length).set(bytesOf(from, start, length));
    return;
  }
  for (let i = 0; i < length; i += 8) {
    into.setFloat64(to + i, from.getFloat64(start + i, true), true);
  }
}

function bytesOf(view: DataView, start: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, length);
}

/** Whether two ranges of `length` bytes are the same. At least 8 more may be read behind them. */
export function sameBytes(
  one: DataView,
  oneAt: number,
  other: DataView,
  otherAt: number,
  length: number,
): boolean {
  let i = 0;
  // Doubles that are equal and not zero have the same bytes; such that are not may be NaN.
  for (; i + 8 <= length; i += 8) {
    const double = one.getFloat64(oneAt + i, true);
    if (double !== other.getFloat64(otherAt + i, true) || double === 0) break;
  }
  for (; i + 4 <= length; i += 4) {
    if (one.getInt32(oneAt + i, true) !== other.getInt32(otherAt + i, true)) return false;
  }
  const difference = one.getInt32(oneAt + i, true) ^ other.getInt32(otherAt + i, true);
  return (difference & ((1 << ((length - i) << 3)) - 1)) === 0;
}
