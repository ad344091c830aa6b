type Growable = Uint8Array | Uint32Array | Int32Array | Float64Array;

/** What takes less than so many bytes grows in larger steps, of which there are fewer. */
const LARGE = 1 << 18;

/**
 * The array itself where it holds `length` elements, otherwise a copy of at least twice its
 * length.
 */
export function grown<A extends Growable>(array: A, length: number): A {
  if (length <= array.length) return array;
  const factor = array.byteLength < LARGE ? 4 : 2;
  const copy = new (array.constructor as new (length: number) => A)(
    Math.max(length, array.length * factor),
  );
  copy.set(array);
  return copy;
}
