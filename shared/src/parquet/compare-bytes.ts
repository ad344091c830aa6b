/** Compares two byte strings as unsigned bytes, as Parquet compares UTF-8. */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const length = Math.min(aEnd - aStart, bEnd - bStart);
  for (let i = 0; i < length; i++) {
    const difference = a[aStart + i]! - b[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

/**
 * The first four bytes as a big-endian number, which orders strings but for those that share it.
 */
export function prefixOf(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  if (end - start >= 4) return view.getUint32(start, false);
  let prefix = 0;
  for (let i = 0; i < 4; i++) prefix = prefix * 256 + (start + i < end ? bytes[start + i]! : 0);
  return prefix;
}
