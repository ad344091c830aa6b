/** A capacity for `needed` values that leaves room to grow: a power of 4, so that it is rare. */
export function capacityFor(needed: number): number {
  return Math.max(256, 4 ** Math.ceil(Math.log2(needed) / 2));
}
