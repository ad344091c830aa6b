import type { ParquetWriter } from './parquet-writer';

export type ParquetWriterName = 'fast' | 'arrow';

/**
 * Loads a writer when it is chosen at run time. A bundle that knows its writer imports that one
 * module instead, and then contains nothing of the other.
 */
export async function loadParquetWriter(name: ParquetWriterName): Promise<ParquetWriter> {
  if (name === 'arrow') return (await import('./arrow-writer')).createArrowParquetFile;
  return (await import('./fast-writer')).createFastParquetFile;
}
