import { putUint32, type ByteBuffer } from './byte-buffer';
import { grown } from './grown';
import { putHybrid, putRun } from './rle-bit-packed';
import type { PageRows } from './value-encoding';

// Encoding never waits in between, so every column of every file can use the same.
let levels = new Int32Array(0);

/** Definition levels, 1 where there is a value, behind their length in bytes. */
export function putLevels(
  out: ByteBuffer,
  validity: Uint8Array | undefined,
  { firstRow, rowCount }: PageRows,
): void {
  const lengthAt = out.length;
  putUint32(out, 0);
  if (validity) {
    levels = grown(levels, rowCount);
    levels.set(validity.subarray(firstRow, firstRow + rowCount));
    putHybrid(out, levels, 0, rowCount, 1);
  } else putRun(out, 1, rowCount, 1);
  out.view.setUint32(lengthAt, out.length - lengthAt - 4, true);
}
