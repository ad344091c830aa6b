import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Conversion } from './candidate';

/** What is used of nodejs-polars, declared here because it need not be installed. */
interface Polars {
  scanJson(path: string): LazyFrame;
  scanParquet(path: string): LazyFrame;
  SQLContext(tables: Record<string, LazyFrame>): { execute(statement: string): LazyFrame };
}

interface LazyFrame {
  sinkParquet(path: string, options: object): LazyFrame;
  collectSync(): { row(index: number): unknown[] };
}

/**
 * Polars' own reader and writer, with the types and the derived columns of the contract. In Node its
 * reader is told no types: it infers them from the first lines, so numbers are read as doubles and
 * become decimals only then. In SQL, because its expressions parse timestamps a good deal slower, as
 * would a format that ended in Z. Sunk, which takes as long as collecting and writing, and three
 * quarters of the memory; which still grows with the file, as these binaries do not stream.
 */
export function openPolars(
  threads: number,
): Promise<(input: string, outputFolder: string) => Conversion> {
  // Read when the library is loaded, which is therefore no import.
  process.env['POLARS_MAX_THREADS'] = String(threads);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const polars = require('nodejs-polars') as Polars;
  const convert = (input: string, outputFolder: string): Conversion => {
    const output = join(outputFolder, 'polars.parquet');
    polars
      .SQLContext({ lines: polars.scanJson(input) })
      .execute(
        `WITH sales AS (
          SELECT *, STRPTIME(RTRIM(timestamp, 'Z'), '%Y-%m-%dT%H:%M:%S.%3f') AS at FROM lines
        )
        SELECT transaction_id, at AS timestamp, customer_id, product_id, product_name, category,
          quantity::INTEGER AS quantity, price::DECIMAL(10, 2) AS price,
          total_amount::DECIMAL(12, 2) AS total_amount, EXTRACT(HOUR FROM at)::INTEGER AS hour,
          (EXTRACT(ISODOW FROM at) - 1)::INTEGER AS day_of_week
        FROM sales`,
      )
      .sinkParquet(output, {
        compression: 'snappy',
        statistics: true,
        // As DuckDB: in the order of the lines, and left to the system to bring to the disk.
        sinkOptions: { maintainOrder: true, syncOnClose: 'none', mkdir: false },
      })
      .collectSync();
    // What is written in this way is not counted; to look into the footer takes 1 ms.
    const [rows] = polars
      .SQLContext({ written: polars.scanParquet(output) })
      .execute('SELECT COUNT(*) FROM written')
      .collectSync()
      .row(0);
    return { rows: Number(rows), bytes: statSync(output).size };
  };
  return Promise.resolve(convert);
}
