/** Whether the rows `rows[0]` … `rows[count - 1]` stand one behind another. */
export function isRun(rows: Int32Array, count: number): boolean {
  return count > 0 && rows[count - 1]! - rows[0]! === count - 1;
}

/** So many values from `first` on: the array itself where these are all, which is mostly so. */
export function runOf<A extends Int32Array | Uint32Array | Float64Array>(
  staged: A,
  first: number,
  count: number,
): A {
  return count === staged.length ? staged : (staged.subarray(first, first + count) as A);
}
