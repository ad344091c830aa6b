import { reserve, type ByteBuffer } from './byte-buffer';

/** So many values of any width end at the end of a word. */
const GROUP = 32;

/** Packs whole groups start … end of values, less `base`, from `at` on. */
type GroupPacker = (
  view: DataView,
  at: number,
  values: Int32Array,
  start: number,
  end: number,
  base: number,
) => void;

// Of each width: made when it is first met.
const packers: (GroupPacker | undefined)[] = [];

/**
 * JavaScript made for a width, with no shift left to reckon and no loop within a group: that takes
 * half the time of a loop over the values. The text has no word of the input in it, only numbers.
 */
function createGroupPacker(width: number): GroupPacker {
  const values = Array.from({ length: GROUP }, (_, k) => `v${k} = (values[i + ${k}] - base) | 0`);
  const words = Array.from({ length: width }, (_, word) => {
    const parts: string[] = [];
    const first = Math.floor((word * GROUP) / width);
    for (let k = first; k * width < (word + 1) * GROUP; k++) {
      const shift = k * width - word * GROUP;
      parts.push(shift < 0 ? `v${k} >>> ${-shift}` : `v${k} << ${shift}`);
    }
    return `view.setInt32(at + ${word * 4}, ${parts.join(' | ')}, true);`;
  });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- no word of the input is in it
  return new Function(
    ...['view', 'at', 'values', 'start', 'end', 'base'],
    `'use strict';
    for (let i = start; i < end; i += ${GROUP}, at += ${width * 4}) {
      const ${values.join(', ')};
      ${words.join('\n')}
    }`,
  ) as GroupPacker;
}

const lastGroup = new Int32Array(GROUP);

/**
 * Packs values start … end, less `base`, with `width` bits each (1 to 32), the first in the lowest
 * bits, and fills up the last byte with zeros.
 */
export function putPacked(
  out: ByteBuffer,
  values: Int32Array,
  start: number,
  end: number,
  width: number,
  base = 0,
): void {
  const pack = (packers[width] ??= createGroupPacker(width));
  const size = Math.ceil(((end - start) * width) / 8);
  // A group that is not whole is written as one: what comes next overwrites what is too much.
  reserve(out, size + width * 4);
  const rest = (end - start) % GROUP;
  if (end - start > rest) pack(out.view, out.length, values, start, end - rest, base);
  if (rest > 0) {
    for (let i = 0; i < GROUP; i++) lastGroup[i] = i < rest ? values[end - rest + i]! : base;
    const at = out.length + ((end - start - rest) * width) / 8;
    pack(out.view, at, lastGroup, 0, GROUP, base);
  }
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
