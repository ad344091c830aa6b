import { parseCsvRow, rowsOf } from './csv';
import { resultUri, type QueryExecution, type QueryResultInfo } from './query-execution';
import type { ResultObjects } from './result-objects';

/** Some rows of a stored result. */
export interface ResultPage {
  rows: (string | null)[][];
  /** Where the next page begins in the object, in bytes; undefined after the last. */
  next?: number;
}

/**
 * Reads up to `most` rows of a result's object from byte `from` on; the first row of a CSV is its
 * header. A line of text is a row of one value, whatever columns it has, as in Athena.
 * Undefined where the object is gone.
 */
export async function readResultPage(
  execution: QueryExecution,
  { format }: QueryResultInfo,
  objects: ResultObjects,
  from: number,
  most: number,
): Promise<ResultPage | undefined> {
  if (format === 'none') return { rows: [] };
  const object = await objects.read(resultUri(execution, format), from);
  if (!object) return undefined;
  const rows: (string | null)[][] = [];
  let next = from;
  try {
    for await (const { bytes, end } of rowsOf(object, format === 'csv')) {
      if (rows.length === most) return { rows, next };
      const text = bytes.toString('utf8');
      rows.push(format === 'csv' ? parseCsvRow(text) : [text]);
      next = from + end;
    }
    return { rows };
  } finally {
    object.destroy();
  }
}
