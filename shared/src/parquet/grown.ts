type Growable = Uint8Array | Uint32Array | Int32Array | Float64Array;

/** What takes fewer bytes grows in larger steps. */
const SMALL = 1 << 15;

/**
 * The array itself where it holds `length` elements, otherwise a copy that does, with room for at
 * least four times as many as before: memory that is not used yet costs nothing, and the arrays that
 * were too small stay in the process's heap. Behind the elements that were there stands anything.
 */
export function grown<A extends Growable>(array: A, length: number): A {
  if (length <= array.length) return array;
  const room = Math.max(length, array.length * (array.byteLength < SMALL ? 32 : 4));
  // Zeros would have to be written, which for memory that was never used takes longer than the copy.
  const { buffer } = Buffer.allocUnsafeSlow(room * array.BYTES_PER_ELEMENT);
  const copy = new (array.constructor as new (buffer: ArrayBufferLike) => A)(buffer);
  copy.set(array);
  return copy;
}
