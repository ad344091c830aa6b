import { writeFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readManifest } from '@saleslake/shared/lake/read-manifest';
import { reconcileLake } from '../../../services/reconciler/src/reconcile-lake';
import { waitFor } from '../../src/cli/local-connection';
import { findQueue, listDeadLetterQueues } from '../../src/operate/dead-letter-queues';
import { listQuarantine } from '../../src/operate/quarantine';
import { deadLetterMessage } from '../../src/pipes/dead-letter';
import type { PipeConfig } from '../../src/pipes/pipe-config';
import type { PipeEvent, PipeSource } from '../../src/pipes/pipe-source';
import { readMailbox } from '../../src/sns/mailbox';
import { localStage, type Stage } from '../../src/stage';
import { ask, openFailingFunctions, putRaw, sale } from '../operate/lake';
import { leapingClock } from '../operate/leaping-clock';
import { startProjectAws, type ProjectAws } from '../support/project-aws';
import { readRunbook } from './page';
import { openRehearsal, type Rehearsal } from './rehearsal';
import { openTerminal, type Terminal } from './terminal';

// Each section's commands, typed as they stand on the page, over the trouble that it is about.

const MINUTE_MS = 60_000;
const GRACE_MS = 15 * MINUTE_MS;
const TIMEOUT_MS = 120_000;
const FUNCTIONS = {
  generate: 'saleslake-generator-local-generate',
  change: 'saleslake-orders-local-change',
  transform: 'saleslake-transformer-local-transform',
  stream: 'saleslake-firehose-transformer-local-transform',
  reconcile: 'saleslake-reconciler-local-reconcile',
  check: 'saleslake-quality-local-check',
  alert: 'saleslake-alerting-local-alert',
};

const clock = leapingClock();
const today = new Date().toISOString().slice(0, 10);
const rehearsed: string[] = [];
let local: ProjectAws;
let stage: Stage;
let terminal: Terminal;

beforeAll(async () => {
  local = await startProjectAws({ clock });
  stage = localStage(local.aws.endpoint);
  terminal = openTerminal({
    AWS_ENDPOINT_URL: local.aws.endpoint,
    SALESLAKE_STATE: local.project.stateDir,
  });
}, TIMEOUT_MS);

afterAll(async () => {
  terminal.close();
  await local.close();
});

/** Brings about a section's trouble, and types its commands: all of them, in their order. */
function rehearse(title: string, act: (rehearsal: Rehearsal) => Promise<void>): void {
  rehearsed.push(title);
  it(
    title,
    async () => {
      const rehearsal = openRehearsal(() => terminal, title);
      await act(rehearsal);
      expect(rehearsal.left()).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

/** Lets time pass until something is so. */
const passing = (what: string, byMs: number, done: () => Promise<boolean>): Promise<boolean> =>
  waitFor(what, 60_000, async () => {
    if (await done()) return true;
    // While a function runs no time passes: an event could become too old to be tried again.
    if (!local.aws.lambda.busy()) clock.leap(byMs);
    return undefined;
  });

const messagesIn = async (queue: string): Promise<number> =>
  findQueue(await listDeadLetterQueues(stage), stage, queue).messages;

const filled = (queue: string): Promise<boolean> =>
  passing(`a message in ${queue}`, GRACE_MS, async () => (await messagesIn(queue)) > 0);

/** Has functions fail while something is done. */
async function failing(names: readonly string[], act: () => Promise<unknown>): Promise<void> {
  const functions = await openFailingFunctions('out of order');
  for (const name of names) local.aws.lambda.redirect(name, functions.endpoint);
  try {
    await act();
  } finally {
    for (const name of names) local.aws.lambda.redirect(name, undefined);
    functions.close();
  }
}

async function invokeLater(FunctionName: string, event: object): Promise<void> {
  const Payload = JSON.stringify(event);
  await new LambdaClient(stage.clientConfig).send(
    new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }),
  );
}

async function putDeadObject(key: string, text: string): Promise<void> {
  await failing([FUNCTIONS.transform], async () => {
    await putRaw(stage, key, text);
    await filled('transformer-objects-dlq');
  });
}

/** Rows of transactions whose ids begin so, and how many ids they have. */
async function rowsOf(id: string): Promise<number[]> {
  const [row = []] = await ask(
    stage,
    `SELECT count(*), count(DISTINCT transaction_id) FROM transactions
     WHERE transaction_id LIKE '${id}-%'`,
  );
  return row.map(Number);
}

/** Subjects of what was sent by e-mail. */
const subjects = (): string[] => readMailbox(local.project.stateDir).map(({ subject }) => subject);

const mailed = (subject: RegExp): Promise<boolean> =>
  passing(`a mail ${subject}`, MINUTE_MS, () =>
    Promise.resolve(subjects().some((each) => subject.test(each))),
  );

async function setRule(state: 'enabled' | 'disabled'): Promise<void> {
  const rule = { Name: 'saleslake-local-raw-object-created' };
  const client = new EventBridgeClient(stage.clientConfig);
  if (state === 'enabled') await client.send(new EnableRuleCommand(rule));
  else await client.send(new DisableRuleCommand(rule));
}

/** Puts an object that nobody is told of. */
async function putUnheard(key: string, text: string): Promise<void> {
  await setRule('disabled');
  await putRaw(stage, key, text);
  await setRule('enabled');
}

/** The reconciler, so long after now; what it reports of objects of a prefix, and what it measures. */
async function reconciled(prefix: string, laterMs: number) {
  const now = clock.now() + laterMs;
  const minutes: Record<string, number> = {};
  const { missing, mismatched } = await reconcileLake({ since: 0, to: now }, now, {
    s3: stage.s3,
    buckets: stage,
    measure(values, { table = '' } = {}) {
      const [measured] = [values['MinutesSinceArrival']].flat();
      if (table !== '') minutes[table] = Number(measured);
    },
    graceMs: GRACE_MS,
    freshTables: ['transactions'],
  });
  const of = ({ key }: { key: string }): boolean => key.startsWith(prefix);
  return { missing: missing.filter(of), mismatched: mismatched.filter(of), minutes };
}

/** The id in the first column of the row that has such a text. */
function idOf(table: string, text: string): string {
  const row = table.split('\n').find((line) => line.includes(text));
  return /^[0-9a-f]+/.exec(row ?? '')?.[0] ?? `no id of ${text}`;
}

const file = (name: string, text: string): void => {
  writeFileSync(join(terminal.folder, name), text);
};

describe('the commands of the runbook', () => {
  rehearse('Try an alert on a laptop', async ({ type }) => {
    expect(await type('echo')).toMatchObject({ code: 0 });
    const put = await type('npx saleslake put');
    expect(put.code).toBe(1);
    expect(put.answer).toMatch(/^quarantined 1$/m);
    await mailed(/ALARM transformer quarantine/);
    const [{ answer }, last] = await Promise.all([
      type('npx saleslake mail'),
      type('npx saleslake mail --last'),
    ]);
    expect(answer).toMatch(/^number +time +to +subject *\n─+( {2}─+){3}\n +1 {2}\d{4}-/);
    expect(last.answer).toContain(
      'Subject: [saleslake local] ALARM transformer quarantine: 1 record in quarantine\n',
    );
    await putRaw(stage, `raw/transactions/date=${today}/poison.json`, sale('poison-1'));
    await local.aws.settled();
  });

  rehearse('From an alert to mended in five minutes', async ({ type }) => {
    const key = 'raw/transactions/date=2026-02-01/alerted.json';
    await putDeadObject(key, sale('alerted-1'));
    await mailed(/ALARM transformer dead-letters/);
    const [queues, rejected] = await Promise.all([
      type('npx saleslake dlq list'),
      type('npx saleslake quarantine list'),
    ]);
    expect(queues.answer).toMatch(/^saleslake-local-transformer-objects-dlq +1 /m);
    expect(rejected).toMatchObject({ code: 0 });

    const alert = readMailbox(local.project.stateDir).find(({ subject }) =>
      subject.includes('ALARM transformer dead-letters'),
    );
    const commands = alert?.body.match(/^ {2}saleslake .*$/gm) ?? [];
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      expect(await terminal.run(`npx ${command.trim()}`)).toMatchObject({ code: 0 });
    }

    await local.aws.settled();
    const [after, status] = await Promise.all([
      type('npx saleslake dlq list'),
      type('npx saleslake status'),
    ]);
    expect(after.answer).toMatch(/^saleslake-local-transformer-objects-dlq +0 *$/m);
    expect(status.answer).toMatch(/^transactions .* yes$/m);
    await mailed(/OK transformer dead-letters/);
    expect(await rowsOf('alerted')).toEqual([1, 1]);
  });

  rehearse('Objects that could not be transformed', async ({ type }) => {
    const key = 'raw/transactions/date=2026-02-02/dead.json';
    await putDeadObject(key, sale('dead-1') + sale('dead-2'));
    const listed = await type('npx saleslake dlq list');
    expect(listed.answer).toMatch(
      new RegExp(
        '^id +about +tried  sent +reason *\\n─+  ─+  ─+  ─+  ─+\\n' +
          `[0-9a-f-]{36}  s3://${stage.raw}/${key} +5  \\d{4}-.* in the function's log *\\n$`,
      ),
    );
    expect(listed.remarks).toContain(`Why: grep -F '${key}' `);
    const redriven = await type('npx saleslake dlq redrive');
    expect(redriven).toMatchObject({
      code: 0,
      remarks: expect.stringMatching(
        /✓ saleslake-local-transformer-objects-dlq +1 message redriven, 0 left/,
      ) as string,
    });
    await local.aws.settled();
    expect(await messagesIn('transformer-objects-dlq')).toBe(0);
    expect(await rowsOf('dead')).toEqual([2, 2]);
  });

  rehearse('Records in quarantine', async ({ type }) => {
    const key = (name: string): string => `raw/transactions/date=${today}/${name}.json`;
    const bad = (id: string): string => sale(id, { price: 1.005 });
    for (const name of ['corrected', 'unheard', 'taken']) {
      await putRaw(stage, key(name), sale(`${name}-1`) + bad(`${name}-2`));
    }
    await local.aws.settled();

    const { answer, remarks } = await type('npx saleslake quarantine list');
    expect(answer).toMatch(
      /^id +table +by +records {2}when +source +first reason *\n─+( {2}─+){6}\n[0-9a-f]{8} {2}transactions {2}transformer +1 {2}/,
    );
    expect(remarks).toBe('3 records of 3 objects\n');
    const shown = await type('npx saleslake quarantine show', { id: idOf(answer, 'corrected') });
    expect(shown.answer).toMatch(/^line 2\n {2}price: expected a decimal\(10,2\), .*got 1\.005$/m);

    file('corrected.json', sale('corrected-1') + sale('corrected-2'));
    const corrected = { file: 'corrected.json', table: 'transactions' };
    expect(await type('npx saleslake put', corrected)).toMatchObject({ code: 0 });

    await putUnheard(key('unheard'), sale('unheard-1') + sale('unheard-2'));
    const replayed = await type('npx saleslake quarantine replay', {
      id: idOf(answer, 'unheard'),
    });
    expect(replayed).toMatchObject({
      code: 0,
      answer: '1 object transformed, none of it still quarantined.\n',
    });

    const id = idOf(answer, 'taken');
    const taken = await type('npx saleslake quarantine show', { id });
    expect(taken.remarks).toMatch(/^1 record in mended\.json\. Mend them, then: saleslake put /);
    const mended = join(terminal.folder, 'mended.json');
    const text = readFileSync(mended, 'utf8');
    expect(text).toBe(bad('taken-2'));
    file('mended.json', text.replace('1.005', '19.99'));
    expect(await type('npx saleslake put', { table: 'transactions' })).toMatchObject({ code: 0 });

    for (const name of ['corrected', 'unheard', 'taken']) {
      expect([name, ...(await rowsOf(name))]).toEqual([name, 2, 2]);
    }
  });

  rehearse('Objects that wait', async ({ type }) => {
    const busy = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(429, { 'x-amzn-errortype': 'TooManyRequestsException' });
        response.end('{"message":"Rate Exceeded."}');
      });
    });
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = busy.address() as AddressInfo;
      local.aws.lambda.redirect(FUNCTIONS.transform, `http://127.0.0.1:${port}`);
      await putRaw(stage, 'raw/transactions/date=2026-02-03/late.json', sale('late-1'));
      const [{ answer }, dead] = await Promise.all([
        type('npx saleslake status'),
        type('npx saleslake dlq list'),
      ]);
      expect(answer).toMatch(/^transactions .* not yet$/m);
      expect(dead).toMatchObject({ code: 0 });
    } finally {
      local.aws.lambda.redirect(FUNCTIONS.transform, undefined);
      busy.closeAllConnections();
      busy.close();
    }
    clock.leap(GRACE_MS);
    await local.aws.settled();
    expect(await rowsOf('late')).toEqual([1, 1]);
  });

  rehearse('Ticks that failed', async ({ type }) => {
    const backfill = { from: '2026-01-01', to: '2026-01-02', count: 20, seed: 'runbook' };
    await failing([FUNCTIONS.generate, FUNCTIONS.change], async () => {
      await invokeLater(FUNCTIONS.generate, backfill);
      await invokeLater(FUNCTIONS.change, { changes: 9, seed: 'runbook' });
      await filled('generator-failures');
      await filled('orders-failures');
    });
    const [ticks, changes] = await Promise.all([
      type('npx saleslake dlq list'),
      type('npx saleslake dlq list'),
    ]);
    expect(ticks.answer).toMatch(
      /^[0-9a-f-]{36} {2}.*generate \{"from".* 3 {2}.* out of order *$/m,
    );
    expect(changes.answer).toMatch(/ saleslake-orders-local-change \{"changes":9.* out of order/);
    const redriven = await Promise.all([
      type('npx saleslake dlq redrive'),
      type('npx saleslake dlq redrive'),
    ]);
    expect(redriven).toMatchObject([{ code: 0 }, { code: 0 }]);
    await local.aws.settled();
    const [[sales] = []] = await ask(
      stage,
      `SELECT count(*) FROM transactions WHERE year = '2026' AND month = '01'`,
    );
    expect(sales).toBe('20');
    const { Count } = await new DynamoDBClient(stage.clientConfig).send(
      new ScanCommand({ TableName: 'saleslake-local-orders', Select: 'COUNT' }),
    );
    expect(Count).toBeGreaterThan(0);
    expect([await messagesIn('generator-failures'), await messagesIn('orders-failures')]).toEqual([
      0, 0,
    ]);
  });

  rehearse('Streamed records that were put aside', async ({ type }) => {
    await failing([FUNCTIONS.stream], async () => {
      await putStreamed('aside');
      await delivered();
    });
    const { answer } = await type('npx saleslake quarantine list');
    const id = idOf(answer, 'firehose processing-failed');
    const shown = await type('npx saleslake quarantine show', { id });
    expect(shown.answer).toMatch(/^line 1\n {2}Lambda\..*\n {2}\{"transaction_id":"aside-1",/m);
    // Of the transformer's there is another entry of that table, whose record nobody has mended.
    const replayed = await type('npx saleslake quarantine replay');
    expect(replayed.answer).toMatch(/2 records put again on saleslake-local-transactions; /);
    expect(await type('npx saleslake flush')).toMatchObject({ code: 0 });
    expect(await rowsOf('aside')).toEqual([2, 2]);
    const left = await listQuarantine(stage, { table: 'transactions' });
    expect(left.filter(({ by }) => by !== 'transformer')).toEqual([]);
  });

  rehearse('Firehose cannot deliver', async ({ type }) => {
    local.aws.faults.start({
      rules: [{ on: 's3:PutObject', subject: 'processed/*', fault: 'error' }],
    });
    await putStreamed('undelivered');
    await local.aws.firehose.flush();
    const [{ answer }, aside] = await Promise.all([
      type('npx saleslake status'),
      type('npx saleslake quarantine list'),
    ]);
    expect(answer).toMatch(/^saleslake-local-transactions +DirectPut +0 +2 /m);
    expect(aside).toMatchObject({ code: 0 });
    local.aws.faults.stop();
    await delivered();
    expect(await rowsOf('undelivered')).toEqual([2, 2]);
  });

  rehearse('Objects without a manifest', async ({ type }) => {
    const key = 'raw/transactions/date=2026-01-05/unheard.json';
    await setRule('disabled');
    await putRaw(stage, key, sale('missing-1') + sale('missing-2'));
    await reconciled(key, GRACE_MS + MINUTE_MS);
    const { missing } = await reconciled(key, 2 * GRACE_MS);
    expect(missing).toMatchObject([
      { key, reason: expect.stringContaining('although it was driven again') as string },
    ]);
    await setRule('enabled');

    const [dead, status] = await Promise.all([
      type('npx saleslake dlq list'),
      type('npx saleslake status'),
    ]);
    expect(dead).toMatchObject({ code: 0 });
    expect(status.answer).toMatch(/^transactions .* not yet$/m);
    const days = { table: 'transactions', day: '2026-01-05' };
    const planned = await type('npx saleslake replay', days);
    expect(planned.answer).toMatch(new RegExp(`^${key}  [\\d.]+ B\\n$`));
    expect((await reconciled(key, 2 * GRACE_MS)).missing).toHaveLength(1);
    const replayed = await type('npx saleslake replay', days);
    expect(replayed).toMatchObject({ code: 0 });
    expect(replayed.answer).toMatch(
      / +objects {2}in {2}good {2}quarantined {2}duplicates\n─+( {2}─+){5}\nbefore +0 +0 +0 +0 +0\nafter +1 +2 +2 +0 +0\n$/,
    );
    expect((await reconciled(key, 2 * GRACE_MS)).missing).toEqual([]);
    expect(await rowsOf('missing')).toEqual([2, 2]);
  });

  rehearse('Outputs that do not add up', async ({ type }) => {
    const key = 'raw/transactions/date=2026-01-06/deleted.json';
    await putRaw(stage, key, sale('deleted-1'));
    await local.aws.settled();
    const manifest = await readManifest(stage.s3, stage, key);
    for (const { key: Key } of manifest?.outputs ?? []) {
      await stage.s3.send(new DeleteObjectCommand({ Bucket: stage.curated, Key }));
    }
    expect((await reconciled(key, 2 * GRACE_MS)).mismatched).toMatchObject([{ key }]);
    expect((await type('npx saleslake status')).answer).toMatch(
      /^transactions .* no: raw\/transactions\/date=2026-01-06\/deleted\.json: /m,
    );
    const days = { table: 'transactions', day: '2026-01-06' };
    expect(await type('npx saleslake replay', days)).toMatchObject({ code: 0 });
    expect((await reconciled(key, 2 * GRACE_MS)).mismatched).toEqual([]);
    expect(await rowsOf('deleted')).toEqual([1, 1]);
  });

  rehearse('Quality checks that fail', async ({ type }) => {
    const check = 'transactions-duplicates';
    for (const name of ['first', 'second']) {
      await putRaw(stage, `raw/transactions/date=${today}/${name}.json`, sale('twice-1'));
    }
    await local.aws.settled();
    const failed = await type('npx saleslake quality');
    expect(failed.code).toBe(1);
    expect(failed.answer).toMatch(new RegExp(`^${check} +FAIL +1 `, 'm'));
    const rows = await type('npx saleslake sql', { check });
    expect(rows.answer).toMatch(/^twice-1 +2 /m);
    file('second.json', sale('twice-2'));
    const second = { file: 'second.json', table: 'transactions' };
    expect(await type('npx saleslake put', second)).toMatchObject({ code: 0 });
    const { answer } = await type('npx saleslake quality');
    expect(answer).toMatch(new RegExp(`^${check} +pass +0 `, 'm'));
    expect(await rowsOf('twice')).toEqual([2, 2]);
  });

  rehearse('Nothing arrives', async ({ type }) => {
    const minutesOf = async (): Promise<number | undefined> =>
      (await reconciled('raw/', 0)).minutes['transactions'];
    clock.leap(40 * MINUTE_MS);
    expect(await minutesOf()).toBeGreaterThan(30);
    const looks = [type('npx saleslake dlq list'), type('npx saleslake status')];
    expect(await Promise.all(looks)).toMatchObject([{ code: 0 }, { code: 0 }]);
    await putRaw(stage, `raw/transactions/date=${today}/arrived.json`, sale('arrived-1'));
    await local.aws.settled();
    expect(await minutesOf()).toBeLessThan(30);
  });

  rehearse('Runs that failed', async ({ type }) => {
    await failing([FUNCTIONS.reconcile, FUNCTIONS.check], async () => {
      await invokeLater(FUNCTIONS.reconcile, {});
      await invokeLater(FUNCTIONS.check, {});
      await filled('reconciler-failures');
      await filled('quality-failures');
    });
    const runs = await Promise.all([
      type('npx saleslake dlq list'),
      type('npx saleslake dlq list'),
    ]);
    expect(runs.map(({ answer }) => answer).join('')).toMatch(/reconcile \{\}.*check \{\}/s);
    const begun = Date.now();
    const redriven = await Promise.all([
      type('npx saleslake dlq redrive'),
      type('npx saleslake dlq redrive'),
    ]);
    expect(redriven).toMatchObject([{ code: 0 }, { code: 0 }]);
    await local.aws.settled();
    for (const report of ['reconciliation', 'quality']) {
      expect(await reportedAt(report)).toBeGreaterThanOrEqual(begun);
    }
    expect([await messagesIn('reconciler-failures'), await messagesIn('quality-failures')]).toEqual(
      [0, 0],
    );
  });

  rehearse('Too many bytes scanned', async ({ type }) => {
    const { answer, code } = await type('npx saleslake sql --explain');
    expect({ code, answer }).toMatchObject({
      code: 0,
      answer: expect.stringContaining('READ_PARQUET') as string,
    });
  });

  rehearse('Alerts that could not be sent', async ({ type }) => {
    await failing([FUNCTIONS.alert], async () => {
      await new CloudWatchClient(stage.clientConfig).send(
        new SetAlarmStateCommand({
          AlarmName: 'saleslake-local-lake-bytes-scanned',
          StateValue: 'ALARM',
          StateReason: 'a test',
        }),
      );
      await filled('alerting-failures');
    });
    const { answer } = await type('npx saleslake dlq list');
    expect(answer).toMatch(/ saleslake-alerting-local-alert \{.* out of order/);
    expect(await type('npx saleslake dlq redrive')).toMatchObject({ code: 0 });
    await mailed(/ALARM lake bytes-scanned/);
    expect(await messagesIn('alerting-failures')).toBe(0);
  });

  // The pipe stands still from here on.
  rehearse('Changes that the pipe gave up', async ({ type }) => {
    await local.aws.pipes.stop();
    const client = new DynamoDBClient(stage.clientConfig);
    for (const id of ['a', 'b']) {
      await client.send(
        new PutItemCommand({
          TableName: 'saleslake-local-orders',
          Item: {
            orderId: { S: `given-up-${id}` },
            product_name: { S: 'Desk lamp' },
            quantity: { N: '3' },
            price: { N: '19.99' },
          },
        }),
      );
    }
    await giveUp('given-up-');
    const { answer } = await type('npx saleslake dlq list');
    expect(answer).toMatch(/ {2}2 changes of saleslake-local-orders from \d+ .* RecordAgeExceeded/);
    expect(await type('npx saleslake dlq redrive')).toMatchObject({ code: 0 });
    expect(await type('npx saleslake flush')).toMatchObject({ code: 0 });
    const rows = await ask(
      stage,
      `SELECT order_id, count(*) FROM orders_history WHERE order_id LIKE 'given-up-%'
       GROUP BY order_id ORDER BY order_id`,
    );
    expect(rows).toEqual([
      ['given-up-a', '1'],
      ['given-up-b', '1'],
    ]);
    expect(await messagesIn('order-changes-dlq')).toBe(0);
  });

  it('are all of them tried here', () => {
    const titles = readRunbook()
      .sections.filter(({ commands }) => commands.length > 0)
      .map(({ title }) => title);
    // The last is of a local AWS of its own: faults.test.ts.
    expect([...rehearsed, 'Order faults, and have them again'].sort()).toEqual(titles.sort());
  });
});

async function putStreamed(id: string): Promise<void> {
  await new FirehoseClient(stage.clientConfig).send(
    new PutRecordBatchCommand({
      DeliveryStreamName: 'saleslake-local-transactions',
      Records: [1, 2].map((n) => ({ Data: Buffer.from(sale(`${id}-${n}`)) })),
    }),
  );
}

/** Has Firehose deliver what it buffers, letting its waits pass. */
async function delivered(): Promise<void> {
  await local.aws.firehose.flush();
  await passing('the delivery', MINUTE_MS, () =>
    Promise.resolve(local.aws.firehose.deliveryStreams().every(({ buffered }) => buffered === 0)),
  );
}

/** Sends the message that a pipe leaves of changes of orders whose ids begin so. */
async function giveUp(id: string): Promise<void> {
  const client = new DynamoDBStreamsClient(stage.clientConfig);
  const { Streams: [{ StreamArn } = {}] = [] } = await client.send(
    new ListStreamsCommand({ TableName: 'saleslake-local-orders' }),
  );
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
  const [{ ShardId = '' } = {}] = StreamDescription?.Shards ?? [];
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  const events = Records.filter(({ dynamodb }) =>
    dynamodb?.Keys?.['orderId']?.S?.startsWith(id),
  ).map(
    ({ eventID, dynamodb }) =>
      ({
        eventId: eventID,
        sequenceNumber: dynamodb?.SequenceNumber,
        arrivedAt: dynamodb?.ApproximateCreationDateTime?.getTime(),
      }) as PipeEvent,
  );
  const MessageBody = deadLetterMessage(
    {
      arn: 'arn:aws:pipes:us-east-1:000000000000:pipe/saleslake-local-order-changes',
      sourceArn: StreamArn,
    } as PipeConfig,
    { batchInfo: 'DDBStreamBatchInfo' } as PipeSource,
    ShardId,
    events,
    'RecordAgeExceeded',
    clock.now(),
  );
  const { url } = findQueue(await listDeadLetterQueues(stage), stage, 'order-changes-dlq');
  await new SQSClient(stage.clientConfig).send(
    new SendMessageCommand({ QueueUrl: url, MessageBody }),
  );
}

/** When a report was made; 0 where there is none. */
async function reportedAt(report: string): Promise<number> {
  const of = { Bucket: stage.curated, Prefix: `${report}/latest.json` };
  const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command(of));
  if (Contents.length === 0) return 0;
  const { Body } = await stage.s3.send(
    new GetObjectCommand({ Bucket: stage.curated, Key: of.Prefix }),
  );
  const { at } = JSON.parse((await Body?.transformToString()) ?? '{}') as { at?: string };
  return Date.parse(at ?? '');
}
