// The inner loops of the Parquet writer, which `npm run kernel` compiles to WebAssembly. Each takes a
// page of values at INPUT and leaves what comes of it at OUTPUT: see src/parquet/kernel.ts.

export { putDeltas, putWideDeltas } from './delta';
export { putHybrid } from './hybrid';
export { INPUT, OUTPUT, RANGE } from './memory';
export { findRange, toOffsets } from './range';
export { putIds } from './snappy-ids';
