/** A bound as it stands in statistics: shortened, it is still a bound. */
export interface StatisticsBound {
  bytes: Uint8Array;
  exact: boolean;
}

/** How values compare, and how statistics show them. */
export interface ValueOrder<V> {
  compare(a: V, b: V): number;
  lowerBound(value: V): StatisticsBound;
  /** Undefined where no shorter bound is above the value. */
  upperBound(value: V): StatisticsBound | undefined;
}

/** A decimal of 38 digits, the most that there are, takes as many. */
const bound = new Uint8Array(16);
const boundView = new DataView(bound.buffer);

function exactOrder<V extends number | bigint>(
  size: number,
  set: (view: DataView, value: V) => void,
): ValueOrder<V> {
  const boundOf = (value: V): StatisticsBound => {
    set(boundView, value);
    // A slice is so small that it lies on the heap. To look at it through a view of its own would
    // move it out, which takes longer than all else here.
    return { bytes: bound.slice(0, size), exact: true };
  };
  return {
    compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
    lowerBound: boundOf,
    upperBound: boundOf,
  };
}

export const int32Order = exactOrder<number>(4, (view, value) => view.setInt32(0, value, true));

export const int64Order = exactOrder<number>(8, (view, value) => setInt64(view, 0, value));

export const bigint64Order = exactOrder<bigint>(8, (view, value) =>
  view.setBigInt64(0, value, true),
);

const TWO_32 = 2 ** 32;

/** A whole number that a double holds. */
export function setInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / TWO_32);
  view.setUint32(at, value - high * TWO_32, true);
  view.setInt32(at + 4, high, true);
}

/** Of FIXED_LEN_BYTE_ARRAY decimals, which are big-endian in two's complement. */
export function fixedBytesOrder(size: number): ValueOrder<bigint> {
  return exactOrder<bigint>(size, (view, value) => setBigEndian(view, 0, size, value));
}

export function setBigEndian(view: DataView, at: number, size: number, value: bigint): void {
  let rest = value;
  let end = at + size;
  for (; end - at >= 8; end -= 8) {
    view.setBigUint64(end - 8, BigInt.asUintN(64, rest), false);
    rest >>= 64n;
  }
  for (; end > at; end--) {
    view.setUint8(end - 1, Number(rest & 0xffn));
    rest >>= 8n;
  }
}

/** Longer strings are shortened, lest a footer grow with its texts. */
const LONGEST_BOUND = 64;

export const utf8Order: ValueOrder<Uint8Array> = {
  compare: (a, b) => Buffer.compare(a, b),
  lowerBound(value) {
    const bytes = shortened(value);
    return { bytes, exact: bytes.length === value.length };
  },
  upperBound(value) {
    if (value.length <= LONGEST_BOUND) return { bytes: value, exact: true };
    const bytes = successor(shortened(value));
    return bytes && { bytes, exact: false };
  },
};

/** The longest prefix of whole characters that is allowed. */
function shortened(value: Uint8Array): Uint8Array {
  if (value.length <= LONGEST_BOUND) return value;
  let end = LONGEST_BOUND;
  while (end > 0 && isContinuation(value[end])) end--;
  return value.subarray(0, end);
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

/** The smallest string, no longer than this one, that is above all that begin with it. */
function successor(prefix: Uint8Array): Uint8Array | undefined {
  const characters = [...Buffer.from(prefix).toString()];
  while (characters.length > 0) {
    const code = characters.pop()!.codePointAt(0)! + 1;
    // UTF-8 sorts as its code points do; it has no surrogates.
    const next = code === 0xd800 ? 0xe000 : code;
    if (next > 0x10ffff) continue;
    return Buffer.from(characters.join('') + String.fromCodePoint(next));
  }
  return undefined;
}
