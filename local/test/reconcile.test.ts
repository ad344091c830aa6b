import { PutObjectCommand } from '@aws-sdk/client-s3';
import { manifestKey, formatManifest, type RowCounts } from '@saleslake/shared/lake/manifest';
import { reconcile } from '../src/reconcile';
import { BUCKET, closeAll, openHarness, type Harness } from './s3/harness';

const CURATED = 'curated';
const ID = 'a'.repeat(32);

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
  harness.s3.createBucket({ name: CURATED, eventBridge: false });
});
afterEach(closeAll);

async function put(Bucket: string, Key: string, Body: string): Promise<string> {
  const { ETag = '' } = await harness.client.send(new PutObjectCommand({ Bucket, Key, Body }));
  return ETag;
}

/** A raw object of four bytes, all of whose records are in quarantine. */
async function putQuarantined(table: string, name: string, rows: RowCounts): Promise<string> {
  const key = `raw/${table}/${name}.json`;
  const etag = await put(BUCKET, key, '{}\n\n');
  const source = { bucket: BUCKET, key };
  const output = `quarantine/${table}/date=2026-03-01/${ID}.json`;
  await put(CURATED, output, '{}\n'.repeat(2));
  const manifest = formatManifest({
    source,
    sequencer: '01',
    etag,
    size: 4,
    table,
    contractVersion: 1,
    state: 'complete',
    rows,
    whole: false,
    reasons: [],
    outputs: [{ key: output, rows: 2 }],
  });
  await put(CURATED, manifestKey(table, source), manifest);
  return key;
}

it('sums up by table what is in the raw zone and what became of it', async () => {
  const rows = { in: 3, good: 0, quarantined: 2, duplicates: 1 };
  await putQuarantined('good', 'a', rows);
  await putQuarantined('good', 'b', rows);
  const unequal = await putQuarantined('bad', 'a', { ...rows, in: 4 });
  await put(BUCKET, 'raw/none/x.json', '{}');
  const none = { in: 0, good: 0, quarantined: 0, duplicates: 0 };
  expect(await reconcile(harness.client, BUCKET, CURATED)).toEqual([
    {
      table: 'bad',
      objects: 1,
      bytes: 4,
      pending: [],
      rows: { ...rows, in: 4 },
      written: 0,
      mismatches: [`${unequal}: the rows of its manifest do not add up`],
    },
    {
      table: 'good',
      objects: 2,
      bytes: 8,
      pending: [],
      rows: { in: 6, good: 0, quarantined: 4, duplicates: 2 },
      written: 0,
      mismatches: [],
    },
    {
      table: 'none',
      objects: 1,
      bytes: 2,
      pending: ['raw/none/x.json'],
      rows: none,
      written: 0,
      mismatches: [],
    },
  ]);
});
