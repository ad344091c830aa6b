// The inner loops of the decoder, which `npm run kernel` compiles to WebAssembly. The memory is given
// from outside, and where what stands in it too: see src/decode/kernel.ts.

import { DecimalTarget, IntTarget } from './number';
import { TimestampTarget } from './timestamp';

export { BUCKET_BYTES, BUCKET_TEXTS, fillBuckets } from './dictionary';
export { seedHashes } from './hash';
export { ENTRY_BYTES, addKeys, behindRun, fillSlots } from './key-index';
export { checkProduct } from './product';
export { FIELD_BYTES } from './field';
export { readLines } from './lines';
export {
  readDecimals,
  readInts,
  readLongTexts,
  readRecord,
  readRuns,
  readTexts,
  readTimestamps,
  readUniqueTexts,
  resetLayout,
} from './record';
export { hashRows } from './row-hash';
export { RUN_BYTES, renewCodes } from './run';
export { hoursOf, isOneDay, recordBytes, weekdaysOf } from './stage';
export { clearText, packTexts, takeText } from './text';
export { readDate } from './timestamp';

export function readInt(target: IntTarget, at: i32, row: i32): i32 {
  return target.readAny(at, row);
}

export function readDecimal(target: DecimalTarget, at: i32, row: i32): i32 {
  return target.readAny(at, row);
}

export function readTimestamp(target: TimestampTarget, at: i32, row: i32): i32 {
  return target.readAny(at, row);
}
