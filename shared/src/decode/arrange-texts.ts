import type { Utf8Values } from '../parquet/column-batch';
import { grown } from '../parquet/grown';
import type { RowOrder } from './day-groups';

/** Puts texts into an order. Replaces the arrays of `into` where they are too small. */
export function arrangeTexts(texts: Utf8Values, order: RowOrder, into: Utf8Values): void {
  const count = order.rows.length;
  into.offsets = grown(into.offsets, count + 1);
  arrangeOffsets(texts.offsets, order, into.offsets);
  into.bytes = grown(into.bytes, into.offsets[count]!);
  arrangeBytes(texts, order, into);
}

function arrangeOffsets(offsets: Uint32Array, { rows, places }: RowOrder, into: Uint32Array): void {
  const count = rows.length;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    into[places[i]! + 1] = offsets[row + 1]! - offsets[row]!;
  }
  into[0] = 0;
  for (let i = 1, end = 0; i <= count; i++) into[i] = end += into[i]!;
}

function arrangeBytes(
  { bytes, offsets }: Utf8Values,
  { rows, places }: RowOrder,
  into: Utf8Values,
): void {
  const from = viewOf(bytes);
  const to = viewOf(into.bytes);
  const newOffsets = into.offsets;
  const count = rows.length;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    const start = offsets[row]!;
    copyText(from, start, offsets[row + 1]! - start, to, newOffsets[places[i]!]!);
  }
}

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length);

/**
 * Copies a text, and nothing behind it: what stands there may have come already. Doubles are the
 * fastest way to move eight bytes, and safe: a NaN, whose bits might not survive, has bytes next to
 * each other that UTF-8 never has.
 */
function copyText(from: DataView, start: number, length: number, to: DataView, at: number): void {
  const last = length - 8;
  if (last < 0) {
    for (let i = 0; i < length; i++) to.setUint8(at + i, from.getUint8(start + i));
    return;
  }
  for (let i = 0; i < last; i += 8) to.setFloat64(at + i, from.getFloat64(start + i, true), true);
  to.setFloat64(at + last, from.getFloat64(start + last, true), true);
}
