import { grown } from './grown';

export interface NumberDictionary {
  /** A code for each value. A view that the next dictionary overwrites. */
  codes: Uint32Array;
  /** Distinct values in order of appearance. */
  values: number[];
}

const EMPTY = -1;

// Encoding never waits in between, so every column of every file can use the same.
let codes = new Uint32Array(0);
let slots = new Int32Array(0);

/** The dictionary of the first `count` values; undefined where it would be above `limit`. */
export function numberDictionary(
  from: Int32Array | Float64Array,
  count: number,
  limit: number,
): NumberDictionary | undefined {
  codes = grown(codes, count);
  slots = grown(slots, 4 * limit);
  slots.fill(EMPTY);
  const mask = 2 ** Math.floor(Math.log2(slots.length)) - 1;
  const values: number[] = [];
  for (let i = 0; i < count; i++) {
    const value = from[i]!;
    // The high bits of a product are the well mixed ones.
    const hash = Math.imul(value, 0x9e3779b1);
    let slot = (hash ^ (hash >>> 15)) & mask;
    let code = slots[slot]!;
    while (code !== EMPTY && values[code] !== value) {
      slot = (slot + 1) & mask;
      code = slots[slot]!;
    }
    if (code === EMPTY) {
      if (values.length === limit) return undefined;
      slots[slot] = code = values.length;
      values.push(value);
    }
    codes[i] = code;
  }
  return { codes, values };
}
