import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { parseQueryFile } from '@saleslake/shared/catalog/query-file';
import { formatDate } from '@saleslake/shared/contract/timestamp';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { customers } from '@saleslake/shared/tables/customers';
import { transactions } from '@saleslake/shared/tables/transactions';
import type { Activity } from '../core/aws-context';
import { ManualClock } from '../core/clock';
import type { LocalAws } from '../local-aws';
import { removeState } from '../composition/state-lock';
import { bucketNames } from '../local-names';
import { localTarget } from '../query/query-target';
import { resultTable } from '../query/result-table';
import { runQuery } from '../query/run-query';
import { reconcile, type Reconciliation } from '../reconcile';
import { compareZones } from '../query/compare-zones';
import { formatTable } from '../query/format-result';
import { changeOrders, deliverOrders, proveOrders, showOrders } from './demo-orders';
import { invoke, s3ClientOf, startProject, waitFor } from './local-connection';
import { activityLine } from './activity-line';
import type { Project } from './project';
import { answer, formatBytes, formatCount, plural, remark, step } from './terminal';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const GENERATOR = 'saleslake-generator-local-generate';
const QUERIES = ['revenue-by-category', 'revenue-by-month', 'top-products'];

const TICKS = 3;
const TICK_INTERVAL_MS = 5 * MINUTE_MS;

export interface DemoOptions {
  transactions: number;
  /** Over how many days up to today. */
  days: number;
  orderChanges: number;
  seed: string;
}

/**
 * `saleslake demo`: the whole pipeline from an empty state: a backfill, a few scheduled ticks,
 * changes of orders, Parquet, a few queries, and the proof that every transaction and every change
 * arrived exactly once.
 * @throws SaleslakeError where that proof fails.
 */
export async function demo(
  project: Project,
  { transactions: count, days, orderChanges, seed }: DemoOptions,
): Promise<void> {
  const begun = performance.now();
  removeState(project.stateDir);
  // Moved on by hand: the time of a few ticks passes at once, and ends at the present.
  const scheduleClock = new ManualClock(Date.now() - TICKS * TICK_INTERVAL_MS);
  const aws = await startProject(project, { port: 0, scheduleClock, tell: tellProblems });
  try {
    const generated = await backfill(aws, { count, days, seed });
    await changeOrders(aws, { changes: orderChanges, seed });
    await tick(aws, scheduleClock);
    const reconciliations = await transform(aws);
    await deliverOrders(aws);
    await showQueries(project, aws);
    await showOrders(aws);
    showReconciliation(reconciliations);
    await prove(project, generated, reconciliations);
    answer(await proveOrders(aws));
  } finally {
    await aws.stop();
  }
  remark(
    [
      '',
      `Parquet   ${relative(process.cwd(), filesOf(project, 'processed/transactions'))}/`,
      `Manifests ${relative(process.cwd(), filesOf(project, 'manifests/transactions'))}/`,
      '',
      `Done in ${((performance.now() - begun) / 1000).toFixed(1)} s. Next: npx saleslake sql "SELECT …", npm start`,
    ].join('\n'),
  );
}

/** Returns how many transactions were generated. */
async function backfill(
  aws: LocalAws,
  { count, days, seed }: { count: number; days: number; seed: string },
): Promise<number> {
  const backfilling = step('Backfill the raw zone');
  const today = Math.floor(Date.now() / DAY_MS);
  const event = { from: formatDate(today - days), to: formatDate(today), count, seed };
  const { transactions: generated, objects } = (await invoke(aws.endpoint, GENERATOR, event)) as {
    transactions: number;
    objects: unknown[];
  };
  backfilling.done(
    `${plural(generated, 'transaction')} over ${plural(days, 'day')}, ${plural(objects.length, 'object')}`,
  );
  return generated;
}

/** Lets the schedule fire a few times. */
async function tick(aws: LocalAws, scheduleClock: ManualClock): Promise<void> {
  const ticking = step('Let the schedule fire');
  const before = await countRawObjects(aws);
  for (let i = 0; i < TICKS; i++) scheduleClock.advance(TICK_INTERVAL_MS);
  await waitFor(`${TICKS} ticks`, 60_000, async () =>
    (await countRawObjects(aws)) >= before + TICKS ? true : undefined,
  );
  ticking.done(`${plural(TICKS, 'tick')} of rate(5 minutes)`);
}

/** Waits until every raw object has its complete manifest. */
async function transform(aws: LocalAws): Promise<Reconciliation[]> {
  const transforming = step('Transform to Parquet');
  const { raw, curated } = bucketNames();
  const s3 = s3ClientOf(aws.endpoint);
  const reconciliations = await waitFor('every manifest', 120_000, async () => {
    const waiting = sum(aws.sqs.queues(), ({ visible, inFlight }) => visible + inFlight);
    transforming.update(`${plural(waiting, 'object')} to go`);
    // Reading every manifest takes the time of the very process that still writes them.
    if (!aws.idle()) return undefined;
    const tables = await reconcile(s3, raw, curated);
    return tables.every(({ pending }) => pending.length === 0) ? tables : undefined;
  });
  const objects = sum(reconciliations, (table) => table.objects);
  const bytes = sum(reconciliations, (table) => table.bytes);
  transforming.done(`${plural(objects, 'object')}, ${formatBytes(bytes)} of JSON`);
  return reconciliations;
}

async function showQueries(project: Project, aws: LocalAws): Promise<void> {
  for (const name of QUERIES) {
    const file = join('sql', 'analytics', `${name}.sql`);
    const { question, sql } = parseQueryFile(file, readFileSync(join(project.root, file), 'utf8'));
    answer(`\n${question}  (${file})\n`);
    answer(formatTable(resultTable(await runQuery(localTarget(aws.endpoint), sql))));
  }
}

function showReconciliation(reconciliations: Reconciliation[]): void {
  const names = ['table', 'objects', 'in', 'good', 'quarantined', 'duplicates'];
  answer('\nReconciled: in = good + quarantined + duplicates\n');
  answer(
    formatTable({
      columns: names.map((name, i) => ({ name, numeric: i > 0 })),
      rows: reconciliations.map(({ table, objects, rows }) => [
        table,
        ...[objects, rows.in, rows.good, rows.quarantined, rows.duplicates].map(formatCount),
      ]),
    }),
  );
}

async function prove(
  project: Project,
  generated: number,
  reconciliations: Reconciliation[],
): Promise<void> {
  const mismatches = reconciliations.flatMap((table) => table.mismatches);
  const proved: string[] = [];
  for (const contract of [customers, transactions]) {
    const { raw, curated, missing, unexpected } = await compareZones(
      contract,
      filesOf(project, '', 'raw'),
      filesOf(project, ''),
    );
    const { name } = contract;
    if (missing > 0) mismatches.push(`${name}: ${plural(missing, 'row')} missing in Parquet`);
    if (unexpected > 0) mismatches.push(`${name}: ${plural(unexpected, 'row')} in Parquet only`);
    if (contract === transactions && raw < generated) {
      mismatches.push(`${generated} transactions generated, ${raw} in raw`);
    }
    proved.push(
      `${name}: ${plural(raw, 'JSON line')} and ${plural(curated, 'Parquet row')}, ` +
        'the same in every column.\n',
    );
  }
  if (mismatches.length > 0) {
    throw new SaleslakeError('NotReconciled', mismatches.join('\n'));
  }
  answer(`\nProved by DuckDB, reading both zones\n${proved.join('')}`);
}

async function countRawObjects(aws: LocalAws): Promise<number> {
  const client = s3ClientOf(aws.endpoint);
  let count = 0;
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucketNames().raw })) {
    count += page.KeyCount ?? 0;
  }
  return count;
}

function filesOf(project: Project, prefix: string, zone: 'raw' | 'curated' = 'curated'): string {
  return join(project.stateDir, 's3', bucketNames()[zone], prefix);
}

function tellProblems(activity: Activity): void {
  if (activity.level === 'warn' || activity.level === 'error') {
    remark(activityLine(activity, new Date()));
  }
}

function sum<T>(values: T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
