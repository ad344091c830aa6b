import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { customers } from '@saleslake/shared/tables/customers';
import { transactions } from '@saleslake/shared/tables/transactions';
import { s3ClientOf, waitFor } from '../src/cli/local-connection';
import { bucketNames, clientConfig } from '../src/local-names';
import { reconcile } from '../src/reconcile';
import { compareZones } from '../src/query/compare-zones';
import { startProcess } from './support/killable-process';
import { freshStateDir } from './support/state-dir';

const COUNT = 4000;
const DAYS = 40;
const SEED = 20260101;
const LONGEST_LIFE_MS = 1500;

const stateDir = freshStateDir();
const start = () => startProcess(join(__dirname, 'support', 'local-aws-process.ts'), stateDir);

async function invokeBackfill(endpoint: string): Promise<void> {
  const client = new LambdaClient(clientConfig(endpoint));
  const event = { from: '2026-01-01', to: '2026-02-10', count: COUNT, seed: 'kill' };
  await client.send(
    new InvokeCommand({
      FunctionName: 'saleslake-generator-local-generate',
      InvocationType: 'Event',
      Payload: JSON.stringify(event),
    }),
  );
  client.destroy();
}

describe('the local AWS, killed at random moments and started again', () => {
  it('ends with every transaction in Parquet exactly once', async () => {
    const lives = fc.sample(fc.integer({ min: 0, max: LONGEST_LIFE_MS }), {
      seed: SEED,
      numRuns: 5,
    });
    let running = await start();
    await invokeBackfill(running.endpoint);
    for (const life of lives) {
      await delay(life);
      await running.kill();
      running = await start();
    }
    const { raw, curated } = bucketNames();
    const s3 = s3ClientOf(running.endpoint);
    const tables = await waitFor(`${DAYS} manifests (seed ${SEED})`, 120_000, async () => {
      const found = await reconcile(s3, raw, curated);
      const sales = found.find(({ table }) => table === transactions.name);
      const done = sales?.objects === DAYS && found.every(({ pending }) => pending.length === 0);
      return done ? found : undefined;
    });
    await running.kill();

    const folder = (bucket: string): string => join(stateDir, 's3', bucket);
    const comparison = await compareZones(transactions, folder(raw), folder(curated));
    expect(comparison).toEqual({ raw: COUNT, curated: COUNT, missing: 0, unexpected: 0 });
    const ofCustomers = await compareZones(customers, folder(raw), folder(curated));
    expect(ofCustomers).toMatchObject({ curated: 500, missing: 0, unexpected: 0 });
    expect(tables.flatMap(({ mismatches }) => mismatches)).toEqual([]);
  }, 300_000);
});
