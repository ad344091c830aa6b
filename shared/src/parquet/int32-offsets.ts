/** Offsets of this magnitude differ by an INT32. */
const BOUND = 2 ** 30;

/** Whole numbers as offsets from one of them. */
export interface Int32Offsets {
  base: number;
  /** A view that the next column overwrites. */
  offsets: Int32Array;
}

// Encoding never waits in between, so every column of every file can use the same.
let scratch = new Int32Array(0);

/**
 * The first `count` values, of which there is at least one, as offsets from the first: everything
 * takes half the time on integers of 32 bits. Undefined where one is too far away.
 */
export function int32Offsets(values: Float64Array, count: number): Int32Offsets | undefined {
  if (scratch.length < count) scratch = new Int32Array(count);
  const base = values[0]!;
  let low = 0;
  let high = 0;
  const into = scratch;
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    const a = values[i]! - base;
    const b = values[i + 1]! - base;
    const c = values[i + 2]! - base;
    const d = values[i + 3]! - base;
    if (a < low) low = a;
    if (a > high) high = a;
    if (b < low) low = b;
    if (b > high) high = b;
    if (c < low) low = c;
    if (c > high) high = c;
    if (d < low) low = d;
    if (d > high) high = d;
    into[i] = a;
    into[i + 1] = b;
    into[i + 2] = c;
    into[i + 3] = d;
  }
  for (let i = whole; i < count; i++) {
    const offset = values[i]! - base;
    if (offset < low) low = offset;
    if (offset > high) high = offset;
    into[i] = offset;
  }
  return low > -BOUND && high < BOUND ? { base, offsets: into } : undefined;
}
