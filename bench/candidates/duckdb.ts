import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Conversion } from './candidate';

/** DuckDB's own reader and writer, with the types and the derived columns of the contract. */
export async function openDuckDb(
  threads: number,
): Promise<(input: string, outputFolder: string) => Promise<Conversion>> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`SET threads = ${threads}`);
  return async (input, outputFolder) => {
    const output = join(outputFolder, 'duckdb.parquet');
    const result = await connection.run(`COPY (
      SELECT transaction_id, timestamp, customer_id, product_id, product_name, category, quantity,
        price, total_amount, hour(timestamp)::INTEGER AS hour,
        (isodow(timestamp) - 1)::INTEGER AS day_of_week
      FROM read_json('${input}', format = 'newline_delimited', columns = {
        transaction_id: 'VARCHAR', timestamp: 'TIMESTAMP', customer_id: 'VARCHAR',
        product_id: 'VARCHAR', product_name: 'VARCHAR', category: 'VARCHAR', quantity: 'INTEGER',
        price: 'DECIMAL(10, 2)', total_amount: 'DECIMAL(12, 2)'
      })
    ) TO '${output}' (FORMAT parquet, COMPRESSION snappy)`);
    return { rows: result.rowsChanged, bytes: statSync(output).size };
  };
}
