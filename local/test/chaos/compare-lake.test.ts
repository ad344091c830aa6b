import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { bucketNames } from '../../src/local-names';
import { freshStateDir } from '../support/state-dir';
import { compareLake } from './compare-lake';
import type { ObjectVersion } from './workload';

const { raw, curated } = bucketNames();
const KEY = 'raw/customers/a.json';
const VERSION: ObjectVersion = {
  key: KEY,
  body: 'two lines',
  table: 'customers',
  rows: [{ id: 'c-1', values: 'gold' }],
  rejections: [{ line: 2, reasons: 'line 2: wrong' }],
};
const REJECTED = { source: `s3://${raw}/${KEY}`, line: 2, reasons: 'line 2: wrong' };

let stateDir: string;
beforeEach(() => {
  stateDir = freshStateDir();
  write(raw, KEY, VERSION.body);
});
afterEach(() => rmSync(stateDir, { recursive: true }));

function pathOf(bucket: string, key: string): string {
  const path = join(stateDir, 's3', bucket, key);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

function write(bucket: string, key: string, body: string): void {
  writeFileSync(pathOf(bucket, key), body);
}

async function writeRows(...ids: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = ids.map((id) => `('${id}', 'gold')`).join(', ');
  const path = pathOf(curated, 'processed/customers/a.parquet');
  await connection.run(
    `COPY (SELECT * FROM (VALUES ${rows}) AS v(customer_id, membership_tier))
     TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}

const compare = () => compareLake(stateDir, new Map([[KEY, VERSION]]));

describe('the comparison of a lake with what it should hold', () => {
  it('finds nothing where all is as it should be', async () => {
    await writeRows('c-1');
    write(curated, 'quarantine/customers/a.json', `${JSON.stringify(REJECTED)}\n`);
    expect(await compare()).toEqual([]);
  });

  it('finds what is missing', async () => {
    expect(await compare()).toEqual([
      'customers: c-1 gold is missing',
      `quarantine: s3://${raw}/${KEY} line 2: line 2: wrong is missing`,
    ]);
  });

  it('finds what is there twice', async () => {
    await writeRows('c-1', 'c-1');
    write(curated, 'quarantine/customers/a.json', `${JSON.stringify(REJECTED)}\n`.repeat(2));
    expect(await compare()).toEqual([
      'customers: c-1 gold is too much',
      `quarantine: s3://${raw}/${KEY} line 2: line 2: wrong is too much`,
    ]);
  });

  it('finds an object that is not what was last put', async () => {
    await writeRows('c-1');
    write(curated, 'quarantine/customers/a.json', `${JSON.stringify(REJECTED)}\n`);
    write(raw, KEY, 'an earlier version');
    expect(await compare()).toEqual([`${KEY} is not what was last put`]);
  });
});
