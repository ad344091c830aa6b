// The inner loops of the Parquet writer, which `npm run kernel` compiles to WebAssembly. Each takes a
// page of values at INPUT and leaves what comes of it at OUTPUT: see src/parquet/kernel.ts.

export { putDeltas, putWideDeltas } from './delta';
export { lookUpDoubles, lookUpInts } from './dictionary';
export { putHybrid } from './hybrid';
export {
  DISTINCT,
  INPUT,
  LAST_PAGES,
  MOST_DISTINCT,
  MOST_WORDS,
  OFFSETS,
  OUTPUT,
  RANGE,
} from './memory';
export { findRange, toOffsets } from './range';
export { putBlock } from './snappy';
export { putIds } from './snappy-ids';
export { findTextRange, findWordRange, putTexts, sameLength } from './texts';
export { meetWords, pickTexts, renumberWords } from './words';
