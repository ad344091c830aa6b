import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { paginateListObjectsV2, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  findEntry,
  listQuarantine,
  readEntry,
  textOfRecords,
  type QuarantineEntry,
} from '../../src/operate/quarantine';
import { replayQuarantine } from '../../src/operate/replay-quarantine';
import { localStage, type Stage } from '../../src/stage';
import { startProjectAws, type ProjectAws } from '../support/project-aws';
import { ask, putRaw, sale } from './lake';

const WAIT = { wait: true, patienceMs: 50_000 };
const STREAM = 'saleslake-local-transactions';

let local: ProjectAws;
let stage: Stage;

beforeAll(async () => {
  local = await startProjectAws();
  stage = localStage(local.aws.endpoint);
}, 60_000);

afterAll(() => local.close());

const countOf = (id: string): Promise<(string | null)[][]> =>
  ask(stage, `SELECT count(*) FROM transactions WHERE transaction_id LIKE '${id}-%'`);

async function entryOf(key: string): Promise<QuarantineEntry | undefined> {
  const entries = await listQuarantine(stage, { table: 'transactions' });
  return entries.find(({ source }) => source.key === key);
}

async function keysUnder(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  const pages = paginateListObjectsV2(
    { client: stage.s3 },
    { Bucket: stage.curated, Prefix: prefix },
  );
  for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key = '' }) => Key));
  return keys;
}

describe('records that the transformer put aside', () => {
  const key = 'raw/transactions/date=2026-03-01/poison.json';
  const bad = sale('poison-2', { price: 1.005 });
  let entry: QuarantineEntry;

  beforeAll(async () => {
    await putRaw(stage, key, sale('poison-1') + bad + sale('poison-3'));
    await local.aws.settled();
    entry = (await entryOf(key))!;
  });

  it('are listed with their source, their number and the first reason', () => {
    expect(entry).toMatchObject({
      by: 'transformer',
      table: 'transactions',
      source: { bucket: stage.raw, key },
      records: 1,
      firstReason: expect.stringMatching(/^line 2: price: expected a decimal\(10,2\)/) as string,
    });
  });

  it('are shown with line, field, expectation and value, and their own text', async () => {
    const { records, version } = await readEntry(stage, entry);
    expect(version).toMatchObject({ etag: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    expect(records).toMatchObject([
      { line: 2, text: bad.trim(), violations: [{ field: 'price', value: '1.005' }] },
    ]);
  });

  it('are found by the first digits of their id', async () => {
    expect(findEntry(await listQuarantine(stage), entry.id.slice(0, 8)).id).toBe(entry.id);
  });

  it('are left out where they were put aside before a day', async () => {
    expect(await listQuarantine(stage, { since: '2999-01-01' })).toEqual([]);
  });

  it('stay, once, where their cause is not mended', async () => {
    const { objects } = await replayQuarantine(stage, [entry], WAIT);
    expect(objects).toMatchObject([
      { key, state: 'complete', after: { rows: { in: 3, good: 2, quarantined: 1 } } },
    ]);
    expect({ rows: await countOf('poison'), entry: await entryOf(key) }).toMatchObject({
      rows: [['2']],
      entry: { records: 1 },
    });
  });

  it('are rows, each once, and not listed any more, once it is', async () => {
    await putRaw(stage, key, sale('poison-1') + sale('poison-2') + sale('poison-3'));
    const { objects } = await replayQuarantine(stage, [entry], WAIT);
    expect(objects).toMatchObject([{ state: 'complete', after: { rows: { quarantined: 0 } } }]);
    await local.aws.settled();
    expect({ rows: await countOf('poison'), entry: await entryOf(key) }).toEqual({
      rows: [['3']],
      entry: undefined,
    });
  });
});

describe('an object that is quarantined as a whole', () => {
  it('gives its own bytes to be mended', async () => {
    const key = 'raw/transactions/date=2026-03-02/no-json.json';
    await putRaw(stage, key, 'PAR1 something');
    await local.aws.settled();
    const details = await readEntry(stage, (await entryOf(key))!);
    expect(details.records).toMatchObject([{ line: null, text: null }]);
    expect((await textOfRecords(stage, details)).toString()).toBe('PAR1 something');
  });

  it('that is gone from the raw zone is told apart', async () => {
    const { objects } = await replayQuarantine(
      stage,
      [
        {
          ...(await listQuarantine(stage))[0]!,
          by: 'transformer',
          source: { bucket: stage.raw, key: 'raw/transactions/nowhere.json' },
        },
      ],
      WAIT,
    );
    expect(objects).toMatchObject([{ state: 'gone' }]);
  });
});

describe('records that Firehose put aside', () => {
  let entry: QuarantineEntry;
  const bad = [sale('stream-1', { quantity: 0 }), 'not JSON'];

  beforeAll(async () => {
    await new FirehoseClient(stage.clientConfig).send(
      new PutRecordBatchCommand({
        DeliveryStreamName: STREAM,
        Records: [...bad, sale('stream-2')].map((text) => ({ Data: Buffer.from(text) })),
      }),
    );
    await local.aws.firehose.flush();
    entry = (await listQuarantine(stage)).find(({ by }) => by !== 'transformer')!;
  });

  it('are listed, told apart by who put them aside', () => {
    expect(entry).toMatchObject({
      by: 'firehose processing-failed',
      table: 'transactions',
      records: 2,
      firstReason: expect.stringMatching(/^Lambda\./) as string,
    });
  });

  it('are shown as they came', async () => {
    const { records } = await readEntry(stage, entry);
    expect(records.map(({ text }) => text)).toEqual(bad);
  });

  it('are put again, whole, and their object is moved away', async () => {
    const { errors } = await replayQuarantine(stage, [entry], WAIT);
    expect(errors).toMatchObject([{ records: 2, stream: STREAM }]);
    expect(await keysUnder('firehose-errors-replayed/')).toEqual([
      entry.source.key.replace('firehose-errors/', 'firehose-errors-replayed/'),
    ]);
    // As nobody mended them, the function refuses the same two again.
    await local.aws.firehose.flush();
    const again = (await listQuarantine(stage)).filter(({ by }) => by !== 'transformer');
    const texts = (await readEntry(stage, again[0]!)).records.map(({ text }) => text);
    expect({ objects: again.length, texts }).toEqual({ objects: 1, texts: bad });
  });

  it('stay where they are while their stream does not take them', async () => {
    const key = 'firehose-errors/customers/processing-failed/date=2026-03-01/x';
    const line = JSON.stringify({ rawData: Buffer.from('{}').toString('base64'), errorCode: 'E' });
    const { s3, curated } = stage;
    await s3.send(new PutObjectCommand({ Bucket: curated, Key: key, Body: `${line}\n` }));
    const entries = await listQuarantine(stage, { table: 'customers' });
    const { errors } = await replayQuarantine(stage, entries, WAIT);
    expect({ errors, keys: await keysUnder(key) }).toMatchObject({
      errors: [{ records: 0, problem: expect.stringContaining('no delivery stream') as string }],
      keys: [key],
    });
  });
});
