import { reserve, type ByteBuffer } from './byte-buffer';

/**
 * Packs values start … end with `width` bits each (1 to 32), the first in the lowest bits, and
 * fills up the last byte with zeros.
 */
export function putPacked(
  out: ByteBuffer,
  values: Uint32Array,
  start: number,
  end: number,
  width: number,
): void {
  const size = Math.ceil(((end - start) * width) / 8);
  reserve(out, size + 4);
  const { view } = out;
  let at = out.length;
  let word = 0;
  let bits = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    word |= value << bits;
    bits += width;
    if (bits >= 32) {
      view.setInt32(at, word, true);
      at += 4;
      bits -= 32;
      word = bits === 0 ? 0 : value >>> (width - bits);
    }
  }
  // May write beyond the last byte: what comes next overwrites it.
  view.setInt32(at, word, true);
  out.length += size;
}

const TWO_32 = 2 ** 32;

/** The same for values of 33 to 53 bits. */
export function putPackedWide(
  out: ByteBuffer,
  values: Float64Array,
  start: number,
  end: number,
  width: number,
): void {
  const size = Math.ceil(((end - start) * width) / 8);
  reserve(out, size + 8);
  const { view } = out;
  const highWidth = width - 32;
  let at = out.length;
  let word = 0;
  let bits = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    const high = Math.floor(value / TWO_32);
    const low = value - high * TWO_32;
    view.setInt32(at, word | (low << bits), true);
    at += 4;
    word = bits === 0 ? 0 : low >>> (32 - bits);
    word |= high << bits;
    bits += highWidth;
    if (bits >= 32) {
      view.setInt32(at, word, true);
      at += 4;
      bits -= 32;
      word = bits === 0 ? 0 : high >>> (highWidth - bits);
    }
  }
  view.setInt32(at, word, true);
  out.length += size;
}
