import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { s3ClientOf } from '../src/cli/local-connection';
import type { Activity } from '../src/core/aws-context';
import { ManualClock } from '../src/core/clock';
import { bucketNames, clientConfig } from '../src/local-names';
import { startProjectAws, type ProjectAws } from './support/project-aws';

// What each function leaves behind, in the order in which it is there for others to see, although
// every call that writes takes another time. Done before written would be lost by a death in between.

const { raw, curated } = bucketNames();
const START = Date.UTC(2026, 2, 2, 12);
const SEEDS = [1, 2, 3, 4];
const ORDERS = 'saleslake-local-orders';

let log: string[] = [];
let local: ProjectAws;
let clock: ManualClock;
let seed = 0;

/** The zone or report that an object is of, a queue's name, or what a function did. */
function entryOf({ what, subject }: Activity): string | undefined {
  const [, bucket, zone] = /^s3:\/\/([^/]+)\/([^/]+)\//.exec(subject) ?? [];
  if (what === 'object created' && (bucket === raw || bucket === curated)) return `${zone} written`;
  if (what === 'message deleted') return 'message deleted';
  // Alerting tells of what is quarantined meanwhile.
  if (subject.startsWith('saleslake-alerting-')) return undefined;
  if (what === 'invocation succeeded') return `${subject.split('-').at(-1)} succeeded`;
  if (what === 'item changed' && subject === ORDERS) return 'order written';
  return undefined;
}

beforeAll(async () => {
  clock = new ManualClock(START);
  local = await startProjectAws({
    clock,
    tell: (activity) => log.push(...[entryOf(activity) ?? []].flat()),
  });
});

afterAll(() => local.close());

/** Runs something with every write of functions slowed down by chance, and returns the log of it. */
async function logOf(run: () => Promise<unknown>): Promise<string[]> {
  seed += 1;
  const slow = ['s3:PutObject', 's3:CopyObject', 'dynamodb:*', 'sns:Publish'].flatMap((on) =>
    [5, 25, 60].map((ms) => ({ on, probability: 0.3, fault: `delay ${ms}ms` as const })),
  );
  local.aws.faults.start({ seed, rules: slow.map((rule) => ({ ...rule, caller: 'saleslake' })) });
  log = [];
  let running = true;
  const ended = run().finally(() => (running = false));
  // The delays are of this clock's time. Were it far ahead of the functions, which have real time,
  // messages would be visible again before they are done with.
  while (running) {
    clock.advance(5);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await ended;
  local.aws.faults.stop();
  return log;
}

async function invoke(name: string, payload: object = {}): Promise<void> {
  const lambda = new LambdaClient(clientConfig(local.aws.endpoint));
  const answered = await lambda.send(
    new InvokeCommand({
      FunctionName: `saleslake-${name}`,
      Payload: JSON.stringify(payload),
    }),
  );
  expect(answered.FunctionError).toBeUndefined();
}

const sale = (id: number, day: number, quantity = 3): string =>
  `{"transaction_id":"t-${id}","timestamp":"2026-03-0${day}T10:15:30.250Z","customer_id":"C1",` +
  '"product_id":"P1","product_name":"Desk lamp","category":"Home","price":19.99,' +
  `"quantity":${quantity},"total_amount":59.97}\n`;

async function putRaw(key: string, Body: string): Promise<void> {
  const s3 = s3ClientOf(local.aws.endpoint);
  await s3.send(new PutObjectCommand({ Bucket: raw, Key: key, Body }));
}

describe('in whatever time its calls take,', () => {
  it.each(SEEDS)(
    'the transformer claims, writes outputs, completes the manifest, and then has its message deleted (%i)',
    async (n) => {
      const body = sale(1, 1) + sale(2, 2) + sale(3, 3) + sale(4, 1, 0);
      const seen = await logOf(async () => {
        await putRaw(`raw/transactions/date=2026-03-01/${n}.json`, body);
        await local.aws.settled();
      });
      expect(seen[0]).toBe('raw written');
      const [claim, ...rest] = seen.slice(1);
      expect(claim).toBe('manifests written');
      expect(rest.slice(0, 4).sort()).toEqual([
        'processed written',
        'processed written',
        'processed written',
        'quarantine written',
      ]);
      expect(rest.slice(4)).toEqual([
        'manifests written',
        'transform succeeded',
        'message deleted',
      ]);
    },
  );

  it.each(SEEDS)('the generator has written all of a backfill when it is done (%i)', async (n) => {
    const backfill = { from: '2026-02-01', to: '2026-02-04', count: 30, seed: `${n}` };
    const seen = await logOf(() => invoke('generator-local-generate', backfill));
    const own = seen.slice(0, seen.indexOf('generate succeeded') + 1);
    const written = own.filter((entry) => entry === 'raw written');
    expect(written.length).toBeGreaterThanOrEqual(3);
    expect(own.at(-1)).toBe('generate succeeded');
    await logOf(() => local.aws.settled());
  });

  it.each(SEEDS)('orders are all written when their function is done (%i)', async (n) => {
    const seen = await logOf(() =>
      invoke('orders-local-change', { changes: 30, orders: 10, seed: `${n}` }),
    );
    const done = seen.indexOf('change succeeded');
    expect(seen.filter((entry) => entry === 'order written')).toHaveLength(30);
    expect(seen.slice(done)).not.toContain('order written');
  });

  it.each(SEEDS)(
    'the reconciler has objects driven again before it reports, and reports before it is done (%i)',
    async (n) => {
      const lost = `raw/transactions/date=2026-03-01/lost-${n}.csv`;
      await putRaw(lost, 'not for the transformer');
      // Longer than the grace that an object has.
      clock.advance(16 * 60_000);
      await local.aws.settled();
      const seen = await logOf(async () => {
        await invoke('reconciler-local-reconcile', { since: '2026-01-01T00:00:00Z' });
        await local.aws.settled();
      });
      // What Firehose delivers meanwhile is none of its doing.
      const own = seen.filter((entry) => /^(raw|reconciliation|reconcile) /.test(entry));
      const report = own.indexOf('reconciliation written');
      expect(own.slice(0, report).filter((entry) => entry === 'raw written')).toHaveLength(1);
      expect(own.slice(report)).toEqual(['reconciliation written', 'reconcile succeeded']);
    },
  );

  it('quality reports before it is done', async () => {
    const seen = await logOf(() => invoke('quality-local-check'));
    const own = seen.filter((entry) => /^(quality|check) /.test(entry));
    expect(own).toEqual(['quality written', 'check succeeded']);
  });
});
