// The inner loops of the Parquet writer, which `npm run kernel` compiles to WebAssembly. Each takes a
// page of values at INPUT and leaves what comes of it at OUTPUT: see src/parquet/kernel.ts.

export { putDeltas, putWideDeltas } from './delta';
export { forget, lookUp } from './dictionary';
export { putHybrid } from './hybrid';
export {
  DISTINCT,
  INPUT,
  KEY_RANGE,
  KEYS,
  LAST_PAGES,
  MOST_CODES,
  MOST_DISTINCT,
  MOST_WORDS,
  OUTPUT,
  RANGE,
} from './memory';
export { findRange, toOffsets } from './range';
export { putBlock } from './snappy';
export { putIds } from './snappy-ids';
export { findKeyRange, findWord, meetWords } from './words';
