import type { CreateDecoder } from './decoder';
import { createPlainDecoder } from './plain-decoder';

/** Loading the fast decoder takes longer than reading so many bytes the plain way. */
export const SMALL_OBJECT_BYTES = 4096;

/**
 * The decoder of an object of so many bytes, or more where that is more than SMALL_OBJECT_BYTES. By
 * its size alone: what is decoded again makes the same file, whatever was decoded before.
 */
export async function chooseDecoder(bytes: number): Promise<CreateDecoder> {
  if (bytes > SMALL_OBJECT_BYTES) return (await import('./fast-decoder')).createFastDecoder;
  return (contract, limits) => createPlainDecoder(contract, limits, SMALL_OBJECT_BYTES);
}
