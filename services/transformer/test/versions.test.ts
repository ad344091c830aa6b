import { DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { AwsEvent } from '@saleslake/local/src/core/event';
import { sourceId } from '@saleslake/shared/lake/source-id';
import { CURATED, RAW, sqsEvent, startLocalLake, type LocalLake } from './local-lake';
import { lines, onDay, sale } from './sale';

const NO_FAILURE = { batchItemFailures: [] };

let lake: LocalLake;
let handle: (...events: AwsEvent[]) => Promise<unknown>;

let tests = 0;
let source: string;

beforeAll(async () => {
  lake = await startLocalLake('arrow');
  const { handler } = await import('../src/handler');
  handle = (...events) => handler(sqsEvent(...events));
});

beforeEach(() => {
  source = `raw/transactions/date=2026-03-01/${tests++}.json`;
});

afterAll(() => lake.close());

const rows = (): Promise<unknown[]> =>
  lake.query(`SELECT day, transaction_id AS id FROM transactions
     WHERE filename LIKE '%/${sourceId({ bucket: RAW, key: source })}.parquet' ORDER BY day, id`);

const keys = async (): Promise<string[]> =>
  (await lake.keys()).filter((key) => key.includes(sourceId({ bucket: RAW, key: source })));

/** Each object that came of the source object, with its ETag. */
const objects = async (): Promise<Record<string, unknown>> => {
  const found: Record<string, unknown> = {};
  for (const Key of await keys()) {
    const { ETag } = await lake.s3.send(new HeadObjectCommand({ Bucket: CURATED, Key }));
    found[Key] = ETag;
  }
  return found;
};

it('changes nothing when the same event comes again', async () => {
  const event = await lake.put(source, lines(sale(1), sale(2, { quantity: 0 })));
  await handle(event);
  const before = await objects();
  expect(await handle(event, event)).toEqual(NO_FAILURE);
  expect(await objects()).toEqual(before);
  expect(Object.keys(before)).toHaveLength(3);
});

it('replaces the rows of an object that was rewritten, also on other days', async () => {
  await handle(await lake.put(source, lines(sale(1, onDay(1)), sale(2, onDay(2)))));
  await handle(await lake.put(source, lines(sale(2, onDay(2)), sale(3, onDay(3)))));
  expect(await rows()).toEqual([
    { day: 2, id: 't-2' },
    { day: 3, id: 't-3' },
  ]);
  const { outputs, state } = await lake.manifest(source);
  expect({ state, rows: outputs.map((output) => output.rows) }).toEqual({
    state: 'complete',
    rows: [0, 1, 1],
  });
});

it('empties the quarantine of an object that was mended, for every reader', async () => {
  await handle(await lake.put(source, lines(sale(1), sale(2, { quantity: 0 }))));
  await handle(await lake.put(source, lines(sale(1), sale(2))));
  expect(await lake.quarantined(source)).toEqual([]);
  const key = (await keys()).find((found) => found.startsWith('quarantine/'));
  expect((await lake.readText(key!)).trim()).toBe('');
  expect((await lake.manifest(source)).rows).toMatchObject({ in: 2, good: 2, quarantined: 0 });
});

it('empties everything of an object that was rewritten as an empty one', async () => {
  await handle(await lake.put(source, lines(sale(1), sale(2, { quantity: 0 }))));
  await handle(await lake.put(source, ''));
  expect(await rows()).toEqual([]);
  expect(await lake.quarantined(source)).toEqual([]);
});

it('ends with the newer of two versions whose events come in the wrong order', async () => {
  const older = await lake.put(source, lines(sale(1, onDay(1))));
  const newer = await lake.put(source, lines(sale(2, onDay(2))));
  await handle(newer);
  const before = await objects();
  expect(await handle(older)).toEqual(NO_FAILURE);
  expect(await rows()).toEqual([{ day: 2, id: 't-2' }]);
  expect(await objects()).toEqual(before);
});

it('leaves a version that was overwritten before it was read to the event of the newer', async () => {
  const older = await lake.put(source, lines(sale(1)));
  const newer = await lake.put(source, lines(sale(2)));
  expect(await handle(older)).toEqual(NO_FAILURE);
  expect(await keys()).toEqual([]);
  await handle(newer);
  expect(await rows()).toEqual([{ day: 1, id: 't-2' }]);
});

it('fails for an object that was deleted before it was read, as its rows are lost', async () => {
  const event = await lake.put(source, lines(sale(1)));
  await lake.s3.send(new DeleteObjectCommand({ Bucket: RAW, Key: source }));
  expect(await handle(event)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
});

it('shows the newest version alone where events of several are handled at once', async () => {
  const events: AwsEvent[] = [];
  for (const day of [1, 2, 3]) {
    const event = await lake.put(source, lines(sale(day, onDay(day)), sale('bad', { price: day })));
    events.push(event, event);
    if (day === 1) await handle(event);
  }
  await Promise.all(events.map((event) => handle(event)));
  expect(await rows()).toEqual([{ day: 3, id: 't-3' }]);
  expect(await lake.quarantined(source)).toHaveLength(1);
  expect(await lake.manifest(source)).toMatchObject({ state: 'complete', rows: { good: 1 } });
});
