import { putPacked } from './bit-pack';
import { putByte, putVarint, type ByteBuffer } from './byte-buffer';

/**
 * Writes codes start … end, less `base`, in Parquet's hybrid of runs and bit-packed groups of eight,
 * `width` bits (1 to 32) a code.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#run-length-encoding--bit-packing-hybrid-rle--3
 */
export function putHybrid(
  out: ByteBuffer,
  codes: Int32Array,
  start: number,
  end: number,
  width: number,
  base = 0,
): void {
  // A shorter run is smaller bit-packed.
  const shortestRun = Math.max(8, Math.ceil(32 / width));
  let packedFrom = start;
  let i = start;
  while (i < end) {
    const runEnd = endOfRun(codes, i, end);
    if (runEnd - i < shortestRun) {
      i += 8;
      continue;
    }
    if (packedFrom < i) putGroups(out, codes, packedFrom, i, width, base);
    putRun(out, codes[i]! - base, runEnd - i, width);
    packedFrom = i = runEnd;
  }
  if (packedFrom < end) putGroups(out, codes, packedFrom, end, width, base);
}

/** Where a code other than the one at `start` comes. */
function endOfRun(codes: Int32Array, start: number, end: number): number {
  const code = codes[start]!;
  let at = start + 1;
  if (at >= end || codes[at] !== code) return at;
  // Four at a time: the loop itself takes as long as what it does.
  while (
    at + 3 < end &&
    ((codes[at]! ^ code) |
      (codes[at + 1]! ^ code) |
      (codes[at + 2]! ^ code) |
      (codes[at + 3]! ^ code)) ===
      0
  ) {
    at += 4;
  }
  while (at < end && codes[at] === code) at++;
  return at;
}

/** One code, `count` times. */
export function putRun(out: ByteBuffer, code: number, count: number, width: number): void {
  putVarint(out, count * 2);
  for (let shift = 0; shift < width; shift += 8) putByte(out, (code >>> shift) & 0xff);
}

function putGroups(
  out: ByteBuffer,
  codes: Int32Array,
  start: number,
  end: number,
  width: number,
  base: number,
): void {
  const groups = Math.ceil((end - start) / 8);
  const sizeAfter = groups * width;
  putVarint(out, groups * 2 + 1);
  const endOfGroups = out.length + sizeAfter;
  putPacked(out, codes, start, end, width, base);
  // The last group is always whole: readers skip its zeros by the number of values of the page.
  while (out.length < endOfGroups) putByte(out, 0);
}

/** The bits that hold 0 … count - 1; at least one, as readers differ over none. */
export function codeWidth(count: number): number {
  return Math.max(1, 32 - Math.clz32(count - 1));
}
