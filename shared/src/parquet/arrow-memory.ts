import { wasmMemory, type RecordBatch } from 'parquet-wasm';
import type { ColumnBuffers } from './arrow-fill';

// An ArrowArray of the C data interface, where pointers have 32 bits:
// https://arrow.apache.org/docs/format/CDataInterface.html
const BUFFERS_AT = 40;
const CHILDREN_AT = 44;
const POINTER = 4;

/** All of wasm memory, until it grows. */
export function arrowMemory(): ArrayBuffer {
  // Node's types have no WebAssembly.Memory.
  return (wasmMemory() as unknown as { buffer: ArrayBuffer }).buffer;
}

/** The buffers of a record batch's columns in wasm memory, good as long as it is not freed. */
export function columnBuffers(batch: RecordBatch): ColumnBuffers[] {
  const ffi = batch.toFFI();
  try {
    const view = new DataView(arrowMemory());
    const pointerAt = (address: number): number => view.getUint32(address, true);
    const children = pointerAt(ffi.arrayAddr() + CHILDREN_AT);
    return Array.from({ length: batch.numColumns }, (_, i) => {
      const buffers = pointerAt(pointerAt(children + i * POINTER) + BUFFERS_AT);
      const [validity, values, text] = [0, 1, 2].map((k) => pointerAt(buffers + k * POINTER));
      return { validity: validity!, values: values!, text: text! };
    });
  } finally {
    ffi.free();
  }
}
