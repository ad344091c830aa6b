type Growable = Uint8Array | Uint32Array | Int32Array | Float64Array;

/**
 * The array itself where it holds `length` elements, otherwise a copy of at least twice its
 * length.
 */
export function grown<A extends Growable>(array: A, length: number): A {
  if (length <= array.length) return array;
  const copy = new (array.constructor as new (length: number) => A)(
    Math.max(length, array.length * 2),
  );
  copy.set(array);
  return copy;
}
