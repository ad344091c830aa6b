import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import {
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { rawTableName } from '@saleslake/shared/catalog/raw-table';
import { toJsonLine } from '@saleslake/shared/contract/json-line';
import { timestampPart } from '@saleslake/shared/contract/timestamp';
import type { RowOf, TableContract } from '@saleslake/shared/contract/table-contract';
import { processedKey } from '@saleslake/shared/lake/processed-keys';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import { defaultParquetOptions } from '@saleslake/shared/parquet/parquet-writer';
import { rawKey } from '@saleslake/shared/lake/raw-keys';
import { createRowBuffer } from '@saleslake/shared/parquet/row-buffer';
import { createCatalogue } from '@saleslake/shared/synthetic/catalogue';
import { below, randomStream } from '@saleslake/shared/synthetic/random';
import { AGE_GROUPS, customers, MEMBERSHIP_TIERS } from '@saleslake/shared/tables/customers';
import { orderEvents } from '@saleslake/shared/tables/order-events';
import { tables } from '@saleslake/shared/tables/index';
import { transactions } from '@saleslake/shared/tables/transactions';
import { COMPAT_MACROS } from '../local/src/athena/engine/compat-macros';
import { openQueryEngine } from '../local/src/athena/engine/open-query-engine';
import { translateQuery } from '../local/src/athena/engine/translate';
import { memoryCatalog } from '../local/test/athena/engine/memory-catalog';
import { ddlFiles } from '../sql/ddl-files';
import { sqlFiles } from '../sql/lint/lint-folder';
import { queryFile, SQL } from '../sql/test/golden';

/**
 * What the local Athena adds to DuckDB: `npx tsx bench/athena.ts [--quick]`.
 *
 * First each file of sql/analytics, with its defaults, through the engine and in bare DuckDB in
 * turn. Bare is the same text in DuckDB's words over views of read_parquet and read_json, one a
 * table, with hive partitioning, the same macros and DuckDB's own settings; timestamps as they are
 * stored, with a zone, or made plain, whichever is quicker. Both read all rows as JavaScript's
 * values, the engine as text. Then twenty queries at once through the API of a local AWS in a
 * process of its own, and how long small objects take S3 meanwhile.
 */

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);
const CUSTOMERS = 5_000;

interface Size {
  transactions: number;
  orderEvents: number;
  /** Lines of the raw zone. */
  raw: number;
  days: number;
}

/** A folder that is the curated and the raw bucket of a lake of that size, made once. */
function lakeFolder(size: Size): string {
  const name = createHash('sha256').update(JSON.stringify(size)).digest('hex').slice(0, 8);
  const folder = join(tmpdir(), 'saleslake-bench-athena', name);
  if (existsSync(folder)) return folder;
  const building = `${folder}-building`;
  rmSync(building, { recursive: true, force: true });
  writeLake(building, size);
  renameSync(building, folder);
  return folder;
}

function writeLake(folder: string, size: Size): void {
  const random = randomStream('bench', 'athena');
  const hex = (digits: number): string =>
    below(random, 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const catalogue = createCatalogue('bench');
  const customerId = (index: number): string => `C${String(index + 1).padStart(5, '0')}`;
  const moments = (day: number, rows: number): number[] =>
    Array.from({ length: rows }, () => FIRST_DAY + day * DAY_MS + below(random, DAY_MS)).sort(
      (a, b) => a - b,
    );

  for (let day = 0; day < size.days; day++) {
    const sales = moments(day, Math.round(size.transactions / size.days)).map((at) => {
      const product = catalogue[below(random, catalogue.length)]!;
      const quantity = 1 + below(random, 5);
      return {
        transaction_id: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`,
        timestamp: at,
        customer_id: customerId(below(random, CUSTOMERS)),
        product_id: product.product_id,
        product_name: product.product_name,
        category: product.category,
        quantity,
        price: product.price,
        total_amount: product.price * BigInt(quantity),
        hour: timestampPart(at, 'hour'),
        day_of_week: timestampPart(at, 'dayOfWeek'),
      };
    });
    writeFile(folder, transactions, day, sales);
    // One in ten comes a day late.
    const date = (late: number) =>
      new Date(FIRST_DAY + (day + late) * DAY_MS).toISOString().slice(0, 10);
    const lines = sales
      .slice(0, Math.round(size.raw / size.days))
      .map((row) => `${toJsonLine(transactions, row)}\n`);
    for (const [late, some] of [
      lines.slice(lines.length / 10),
      lines.slice(0, lines.length / 10),
    ].entries()) {
      const path = join(folder, rawKey(transactions.name, date(late), `sales-${day}`));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, some.join(''));
    }
    const changes = moments(day, Math.round(size.orderEvents / size.days)).map((at, i) => {
      const product = catalogue[below(random, catalogue.length)]!;
      return {
        order_id: `o${String(below(random, size.orderEvents / 3)).padStart(8, '0')}`,
        product_name: product.product_name,
        quantity: 1 + below(random, 5),
        price: product.price,
        event_type: ['INSERT', 'MODIFY', 'REMOVE'][below(random, 3)]!,
        event_time: at - (at % 1000),
        sequence_number: String(day * 1_000_000 + i + 1),
      };
    });
    writeFile(folder, orderEvents, day, changes);
  }
  const buyers = Array.from({ length: CUSTOMERS }, (_, i) => ({
    customer_id: customerId(i),
    age_group: AGE_GROUPS[below(random, AGE_GROUPS.length)]!,
    membership_tier: MEMBERSHIP_TIERS[below(random, MEMBERSHIP_TIERS.length)]!,
    signup_date: FIRST_DAY / DAY_MS - below(random, 700),
  }));
  writeFile(folder, customers, undefined, buyers);
}

function writeFile<T extends TableContract>(
  folder: string,
  contract: T,
  day: number | undefined,
  rows: readonly RowOf<T>[],
): void {
  const buffer = createRowBuffer(contract);
  for (const row of rows) buffer.append(row);
  const chunks: Uint8Array[] = [];
  const file = createFastParquetFile(contract, defaultParquetOptions, (bytes) => {
    chunks.push(new Uint8Array(bytes));
  });
  void file.append(buffer.take());
  void file.finish();
  const at = new Date(FIRST_DAY + (day ?? 0) * DAY_MS);
  const partition =
    day === undefined
      ? undefined
      : { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  const id = createHash('sha256').update(`${contract.name} ${day}`).digest('hex').slice(0, 32);
  const path = join(folder, processedKey(contract.name, partition, id));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.concat(chunks));
}

interface Statement {
  name: string;
  sql: string;
  parameters: string[];
}

function statements(): Statement[] {
  const sum = 'SELECT category, sum(total_amount) AS total FROM transactions WHERE';
  return [
    ...sqlFiles(SQL, 'analytics').map((path) => {
      const { name, sql, parameters } = queryFile(path);
      return { name, sql, parameters: parameters.map((parameter) => parameter.default) };
    }),
    { name: '(all rows counted)', sql: 'SELECT count(*) AS n FROM transactions', parameters: [] },
    {
      name: '(one month)',
      sql: `${sum} year = 2026 AND month = 2 GROUP BY category`,
      parameters: [],
    },
    {
      name: '(one hour)',
      sql: `${sum} timestamp >= timestamp '2026-01-03 10:00:00'
        AND timestamp < timestamp '2026-01-03 11:00:00' GROUP BY category`,
      parameters: [],
    },
  ];
}

const DATABASE = 'saleslake';

function openEngine(folder: string) {
  const catalog = memoryCatalog();
  catalog.createDatabase({ name: DATABASE });
  const engine = openQueryEngine({
    catalog,
    bucketFolder: (bucket) => (bucket === 'lake' ? folder : undefined),
    putFile: () => Promise.reject(new Error('Nothing is written.')),
    temporaryFolder: mkdtempSync(join(tmpdir(), 'saleslake-bench-')),
    now: () => Date.now(),
  });
  const run = async (sql: string, parameters: readonly string[] = []) => {
    const result = await engine.run({
      sql,
      parameters,
      database: DATABASE,
      outputLocation: 's3://lake/results/',
      signal: new AbortController().signal,
    });
    let rows = 0;
    for await (const some of result.rows) rows += some.length;
    return { rows, bytes: result.bytesScanned() };
  };
  return { run, close: () => engine.close() };
}

const BARE_SCHEMAS = ['stored', 'plain'] as const;

/** Schemas: the views, timestamps as stored and plain; and tables of a few rows of each view. */
async function openBare(folder: string): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const run = (sql: string) => connection.run(sql);
  await run(`SET TimeZone = 'UTC'`);
  await run('SET integer_division = true');
  await run(`SET lambda_syntax = 'ENABLE_SINGLE_ARROW'`);
  for (const schema of ['compat', 'few', ...BARE_SCHEMAS]) await run(`CREATE SCHEMA ${schema}`);
  for (const macro of COMPAT_MACROS) await run(`CREATE MACRO compat.${macro}`);
  for (const schema of BARE_SCHEMAS) {
    await run(`SET schema = '${schema}'`);
    for (const contract of tables) {
      const time = contract.partitioning?.column;
      const plain =
        schema === 'plain' && time ? `REPLACE (make_timestamp(epoch_us(${time})) AS ${time})` : '';
      const files = time
        ? `'${folder}/processed/${contract.name}/*/*/*/*.parquet', hive_partitioning = true,
           hive_types = {year: INT, month: INT, day: INT}`
        : `'${folder}/processed/${contract.name}/*.parquet'`;
      // Of a file's size bare DuckDB knows nothing.
      await run(`CREATE VIEW ${contract.name} AS SELECT * ${plain}, filename AS "$path",
        length(filename) AS "$file_size" FROM read_parquet(${files})`);
    }
    const columns = Object.keys(transactions.columns).map((name) => `${name}: VARCHAR`);
    await run(`CREATE VIEW ${rawTableName(transactions, 'json')} AS SELECT * FROM
      read_json('${folder}/raw/transactions/*/*.json', format = 'newline_delimited',
        columns = {${columns.join(', ')}}, hive_partitioning = true, hive_types = {date: VARCHAR})`);
    await createViews(connection);
  }
  await run(`SET schema = 'few'`);
  for (const { name } of tables) {
    await run(`CREATE TABLE ${name} AS SELECT * FROM plain.${name} LIMIT 5000`);
  }
  const raw = rawTableName(transactions, 'json');
  await run(`CREATE TABLE ${raw} AS SELECT * FROM plain.${raw} LIMIT 5000`);
  await createViews(connection);
  return connection;
}

async function createViews(connection: DuckDBConnection): Promise<void> {
  for (const path of sqlFiles(SQL, 'views')) {
    const { name, sql } = queryFile(path);
    const query = await bareSql(connection, sql.replace(/^[^]*?\bAS\b/, ''), []);
    await connection.run(`CREATE VIEW ${name.replaceAll('-', '_')} AS ${query}`);
  }
}

async function bareSql(connection: DuckDBConnection, sql: string, parameters: readonly string[]) {
  const tableFor = ({ table }: { table: string }) => table;
  return (await translateQuery(connection, sql, { parameters, tableFor })).sql;
}

interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info: Record<string, string | string[]>;
}

/**
 * The bytes, by the footers, of the columns that a statement reads: by DuckDB's plan over tables of
 * a few rows, which names them. Undefined where it reads something other than Parquet files.
 */
async function bytesByFooters(
  connection: DuckDBConnection,
  sql: string,
  folder: string,
): Promise<number | undefined> {
  await connection.run(`SET schema = 'few'`);
  // Done for tables alone: DuckDB reads a Parquet file as often as a text says.
  await connection.run(`SET disabled_optimizers = 'common_subplan'`);
  const reader = await connection.runAndReadAll(`EXPLAIN (FORMAT JSON) ${sql}`);
  await connection.run('RESET disabled_optimizers');
  let bytes = 0;
  const add = async ({ children, extra_info: info }: PlanNode): Promise<void> => {
    const name = String(info['Table'] ?? '')
      .split('.')
      .pop();
    if (name?.startsWith('raw_')) bytes = NaN;
    const contract = tables.find((table) => table.name === name);
    if (contract) {
      const text = [info['Projections'], info['Filters']].flat().join('\n');
      const read = Object.keys(contract.columns).filter((column) =>
        new RegExp(`\\b${column}\\b`).test(text),
      );
      const found = await connection.runAndReadAll(`SELECT sum(total_compressed_size)::DOUBLE
        FROM parquet_metadata('${folder}/processed/${name}/**/*.parquet')
        WHERE path_in_schema IN (${["''", ...read.map((column) => `'${column}'`)].join(', ')})`);
      bytes += Number(found.getRows()[0]?.[0] ?? 0);
    }
    for (const child of children) await add(child);
  };
  for (const node of JSON.parse(String(reader.getRows()[0]?.[1])) as PlanNode[]) await add(node);
  return Number.isNaN(bytes) ? undefined : bytes;
}

async function timed<T>(run: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await run();
  return { ms: performance.now() - start, value };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

async function compare(folder: string, rounds: number): Promise<void> {
  const engine = openEngine(folder);
  for (const ddl of ddlFiles().values()) {
    await engine.run(ddl.replaceAll(/<(curated|raw)-bucket>/g, 'lake'));
  }
  for (const path of sqlFiles(SQL, 'views')) await engine.run(queryFile(path).sql);
  const bare = await openBare(folder);
  say(
    'statement                       first ms  then ms  bare ms   ratio  (spread)       rows  scanned B  by footers',
  );
  for (const { name, sql, parameters } of statements()) {
    const text = await bareSql(bare, sql, parameters);
    const isPart = name.startsWith('(one');
    const expected = isPart ? undefined : await bytesByFooters(bare, text, folder);
    const first = await timed(() => engine.run(sql, parameters));
    const ours: number[] = [];
    const bares = new Map(BARE_SCHEMAS.map((schema) => [schema, [] as number[]]));
    for (let round = -1; round < rounds; round++) {
      const mine = await timed(() => engine.run(sql, parameters));
      for (const [schema, times] of bares) {
        await bare.run(`SET schema = '${schema}'`);
        const { ms, value } = await timed(
          async () => (await bare.runAndReadAll(text)).getRows().length,
        );
        if (value !== mine.value.rows)
          throw new Error(`${name}: ${value} rows, not ${mine.value.rows}`);
        if (round >= 0) times.push(ms);
      }
      if (round >= 0) ours.push(mine.ms);
    }
    const quickest = [...bares.values()].sort((a, b) => median(a) - median(b))[0] ?? [];
    const ratios = ours.map((ms, i) => ms / (quickest[i] ?? NaN));
    const { rows, bytes } = first.value;
    say(
      [
        name.padEnd(31),
        first.ms.toFixed(1).padStart(8),
        median(ours).toFixed(1).padStart(8),
        median(quickest).toFixed(1).padStart(8),
        median(ratios).toFixed(2).padStart(7),
        `(${quantile(ratios, 0).toFixed(2)} to ${quantile(ratios, 1).toFixed(2)})`.padStart(15),
        String(rows).padStart(7),
        String(bytes).padStart(10),
        expected === undefined
          ? ''
          : expected === 0
            ? String(bytes === 0)
            : `${((100 * bytes) / expected).toFixed(1)} %`,
      ].join(' '),
    );
  }
  bare.closeSync();
  await engine.close();
}

/** Twenty queries at once through the API, and small objects meanwhile. */
async function concurrently(folder: string, threads: string): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'saleslake-bench-'));
  const script = join(__dirname, '../local/test/support/local-aws-process.ts');
  const env = { ...process.env, TZ: 'UTC', UV_THREADPOOL_SIZE: threads };
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, stateDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  try {
    const endpoint = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
      child.once('exit', () => reject(new Error('The local AWS did not start.')));
    });
    const config = {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    const athena = new AthenaClient(config);
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const Bucket = Buckets.map(({ Name }) => Name ?? '').find((name) => name.includes('curated'));
    for (const file of readdirSync(join(folder, 'processed'), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!file.isFile()) continue;
      const path = join(file.parentPath, file.name);
      const Key = relative(folder, path);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: readFileSync(path) }));
    }

    const s3Times = async (until: () => boolean): Promise<number[]> => {
      const times: number[] = [];
      for (let i = 0; !until(); i++) {
        const Key = `bench/${i % 10}`;
        const { ms: put } = await timed(() =>
          s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x'.repeat(1000) })),
        );
        const { ms: get } = await timed(async () =>
          (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString(),
        );
        times.push(put, get);
      }
      return times;
    };
    let calls = 0;
    const alone = await s3Times(() => calls++ >= 100);

    const some = statements()
      .filter(({ name }) => !/late-arrivals|high-value|[(]/.test(name))
      .slice(0, 20);
    const ask = async ({ sql, parameters }: Statement): Promise<string> => {
      const { QueryExecutionId } = await athena.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          QueryExecutionContext: { Database: 'saleslake_local' },
          WorkGroup: 'saleslake-local',
          ...(parameters.length > 0 && { ExecutionParameters: parameters }),
        }),
      );
      for (;;) {
        const { QueryExecution } = await athena.send(
          new GetQueryExecutionCommand({ QueryExecutionId }),
        );
        const { State, StateChangeReason } = QueryExecution?.Status ?? {};
        if (State === 'SUCCEEDED') break;
        if (State !== 'QUEUED' && State !== 'RUNNING')
          throw new Error(`${State}: ${StateChangeReason}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
      return JSON.stringify(ResultSet?.Rows);
    };
    const expected: string[] = [];
    for (const statement of some) expected.push(await ask(statement));
    let isDone = false;
    const meanwhile = s3Times(() => isDone);
    const { ms, value } = await timed(() => Promise.all(some.map(ask)));
    isDone = true;
    const times = await meanwhile;
    const right = value.filter((text, i) => text === expected[i]).length;
    say(
      `${right} of ${some.length} queries at once right in ${(ms / 1000).toFixed(1)} s, UV_THREADPOOL_SIZE ${threads}`,
    );
    const shown = (values: number[]) =>
      `median ${median(values).toFixed(1)} ms, 95 % ${quantile(values, 0.95).toFixed(1)} ms, of ${values.length} calls`;
    say(`  S3 alone      ${shown(alone)}`);
    say(`  S3 meanwhile  ${shown(times)}`);
    s3.destroy();
    athena.destroy();
  } finally {
    child.kill();
    await exited;
    rmSync(stateDir, { recursive: true, force: true });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function run(): Promise<void> {
  const isQuick = process.argv.includes('--quick');
  const size: Size = isQuick
    ? { transactions: 90_000, orderEvents: 9_000, raw: 9_000, days: 30 }
    : { transactions: 1_000_000, orderEvents: 90_000, raw: 90_000, days: 90 };
  const folder = lakeFolder(size);
  say(
    `Node.js ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ${JSON.stringify(size)}`,
  );
  await compare(folder, isQuick ? 3 : 9);
  // What Node takes by itself, and what bin/saleslake.cjs sets.
  await concurrently(folder, '4');
  await concurrently(folder, '8');
}

void run();
