/** A copy of bytes start … end. Of a Buffer, which bytes often are, its own `slice` is but a view. */
export function copyBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes, start, end);
}
