import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { QuarantineRecord } from '@saleslake/shared/lake/quarantine';
import { bucketNames } from '../../src/local-names';
import { compareBags } from './compare-bags';
import { rejectionText, type ObjectVersion } from './workload';

const COLUMNS: Record<string, string> = {
  transactions: `transaction_id || ' ' || total_amount::VARCHAR || ' ' || strftime("timestamp", '%Y-%m-%dT%H')`,
  customers: `customer_id || ' ' || membership_tier`,
};

/**
 * What differs between the files of the lake and what the last version of each object should have
 * come to, in words. What the generator wrote, which knows no faulty record, is read from its own
 * raw files.
 */
export async function compareLake(
  stateDir: string,
  latest: ReadonlyMap<string, ObjectVersion>,
): Promise<string[]> {
  const names = bucketNames();
  const folder = (bucket: string): string => join(stateDir, 's3', bucket);
  const differences: string[] = [];
  for (const [key, { body }] of latest) {
    if (readFileSync(join(folder(names.raw), key), 'utf8') !== body) {
      differences.push(`${key} is not what was last put`);
    }
  }
  for (const table of Object.keys(COLUMNS)) {
    const expected = [...latest.values()]
      .filter((version) => version.table === table)
      .flatMap(({ rows }) => rows.map(({ id, values }) => `${id} ${values}`));
    expected.push(...generated(folder(names.raw), table, latest));
    const found = await rowsOf(folder(names.curated), table);
    differences.push(...compareBags(table, expected, found));
  }
  const expectedRejections = [...latest.values()].flatMap(({ key, rejections }) =>
    rejections.map((rejection) => rejectionText(key, rejection)),
  );
  differences.push(
    ...compareBags('quarantine', expectedRejections, quarantined(folder(names.curated))),
  );
  return differences;
}

function generated(
  rawFolder: string,
  table: string,
  latest: ReadonlyMap<string, ObjectVersion>,
): string[] {
  return keysBelow(rawFolder, `raw/${table}`)
    .filter((key) => !latest.has(key))
    .flatMap((key) => readFileSync(join(rawFolder, key), 'utf8').trimEnd().split('\n'))
    .map((line) => {
      const row = JSON.parse(line) as Record<string, string | number>;
      return table === 'customers'
        ? `${row['customer_id']} ${row['membership_tier']}`
        : `${row['transaction_id']} ${Number(row['total_amount']).toFixed(2)} ` +
            String(row['timestamp']).slice(0, 13);
    });
}

async function rowsOf(curatedFolder: string, table: string): Promise<string[]> {
  const files = join(curatedFolder, 'processed', table);
  if (!existsSync(files)) return [];
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`SET TimeZone = 'UTC'`);
    const reader = await connection.runAndReadAll(
      `SELECT ${COLUMNS[table]} FROM read_parquet('${files}/**/*.parquet')`,
    );
    return reader.getRows().map(([text]) => String(text));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quarantined(curatedFolder: string): string[] {
  return keysBelow(curatedFolder, 'quarantine')
    .flatMap((key) => readFileSync(join(curatedFolder, key), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { source, line: at, reasons } = JSON.parse(line) as QuarantineRecord;
      return `${source} line ${at}: ${reasons}`;
    });
}

function keysBelow(folder: string, prefix: string): string[] {
  const below = join(folder, prefix);
  if (!existsSync(below)) return [];
  return readdirSync(below, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
