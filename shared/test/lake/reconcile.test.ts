import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  BUCKET,
  closeAll,
  openHarness,
  START,
  type Harness,
} from '@saleslake/local/test/s3/harness';
import { formatManifest, manifestKey, type Manifest } from '@saleslake/shared/lake/manifest';
import { outputRows } from '@saleslake/shared/lake/output-rows';
import { emptyQuarantineFile } from '@saleslake/shared/lake/quarantine';
import { reconcile, type RawObject, type ReconcileOptions } from '@saleslake/shared/lake/reconcile';
import { tableOfKey } from '@saleslake/shared/lake/table-of-key';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import { everyType, everyTypeRows, toBatch, writeBatches } from '../parquet/support';

const CURATED = 'curated';
const PARQUET = `processed/sales/${'a'.repeat(32)}.parquet`;
const QUARANTINE = `quarantine/sales/date=2026-03-01/${'a'.repeat(32)}.json`;

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
  harness.s3.createBucket({ name: CURATED, eventBridge: false });
});
afterEach(closeAll);

async function put(Bucket: string, Key: string, Body: string | Uint8Array): Promise<string> {
  const object = { Bucket, Key, Body: Buffer.from(Body) };
  return (await harness.client.send(new PutObjectCommand(object))).ETag!;
}

const parquet = (rows: number, rowGroupRows = 1000): Promise<Uint8Array> =>
  writeBatches(createFastParquetFile, everyType, [toBatch(everyType, everyTypeRows(rows))], {
    rowGroupRows,
  });

async function putManifest(key: string, change: Partial<Manifest> = {}): Promise<void> {
  const source = { bucket: BUCKET, key };
  const table = tableOfKey(key);
  const manifest: Manifest = {
    source,
    sequencer: '01',
    etag: 'none',
    size: 12,
    table,
    contractVersion: 1,
    state: 'complete',
    rows: { in: 4, good: 2, quarantined: 1, duplicates: 1 },
    whole: false,
    reasons: [],
    outputs: [
      { key: PARQUET, rows: 2 },
      { key: QUARANTINE, rows: 1 },
    ],
    ...change,
  };
  await put(CURATED, manifestKey(table, source), formatManifest(manifest));
}

/** Puts a raw object with its outputs, and a manifest that differs so from what it should be. */
async function putObject(key: string, change: Partial<Manifest> = {}): Promise<void> {
  const etag = await put(BUCKET, key, 'records');
  await put(CURATED, PARQUET, await parquet(2));
  await put(CURATED, QUARANTINE, '{}\n');
  await putManifest(key, { etag, ...change });
}

async function verdicts(options: ReconcileOptions = {}): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  const buckets = { raw: BUCKET, curated: CURATED };
  await reconcile(harness.client, buckets, options, ({ key }, verdict) => {
    expect(found).not.toHaveProperty([key]);
    found[key] = verdict.state === 'complete' ? 'complete' : `${verdict.state}: ${verdict.reason}`;
  });
  return found;
}

const key = 'raw/sales/a.json';

describe('an object is', () => {
  it('complete where its manifest and outputs agree', async () => {
    await putObject(key);
    expect(await verdicts()).toEqual({ [key]: 'complete' });
  });

  it('missing where it has no manifest', async () => {
    await put(BUCKET, key, 'records');
    expect(await verdicts()).toEqual({ [key]: 'missing: it has no manifest' });
  });

  it.each<[string, Partial<Manifest>, string]>([
    ['is being written', { state: 'writing' }, 'its manifest is not complete'],
    ['is of another version', { etag: 'other' }, 'its manifest is of another version'],
  ])('missing where its manifest %s', async (_name, change, reason) => {
    await putObject(key, change);
    expect(await verdicts()).toEqual({ [key]: `missing: ${reason}` });
  });

  it.each<[string, Partial<Manifest>, string]>([
    [
      'rows do not add up',
      { rows: { in: 5, good: 2, quarantined: 1, duplicates: 1 } },
      'the rows of its manifest do not add up',
    ],
    ['good rows were not written', { outputs: [] }, '2 good rows, but 0 written'],
    [
      'quarantined records were not',
      { outputs: [{ key: PARQUET, rows: 2 }] },
      '1 quarantined records, but 0 in quarantine',
    ],
  ])('mismatched where %s', async (_name, change, reason) => {
    await putObject(key, change);
    expect(await verdicts()).toEqual({ [key]: `mismatched: ${reason}` });
  });

  it('mismatched where its manifest is none', async () => {
    await put(BUCKET, key, 'records');
    const at = manifestKey('sales', { bucket: BUCKET, key });
    await put(CURATED, at, 'oops');
    expect(await verdicts()).toEqual({
      [key]: `mismatched: The manifest ${at} is not JSON.`,
    });
  });

  it('judged anew where another version replaced its outputs meanwhile', async () => {
    await putObject(key);
    const { client } = harness;
    await client.send(new DeleteObjectCommand({ Bucket: CURATED, Key: PARQUET }));
    client.middlewareStack.add(
      (next) => async (args) => {
        const { Key } = args.input as { Key?: string };
        const answer = await next(args).catch(async (error: unknown) => {
          if (Key !== PARQUET) throw error;
          client.middlewareStack.remove('newer');
          await putManifest(key, { sequencer: '02', state: 'writing' });
          throw error;
        });
        return answer;
      },
      { step: 'initialize', name: 'newer' },
    );
    expect(await verdicts()).toEqual({ [key]: 'missing: its manifest is not complete' });
  });
});

describe('reconciling', () => {
  const keys = ['raw/a/1.json', 'raw/b/2.json', 'raw/c/3.json'];

  it('lists everything once, over pages, and lists folders as nothing', async () => {
    const many = Array.from({ length: 1005 }, (_, i) => `raw/sales/${10_000 + i}.json`);
    await put(BUCKET, 'raw/sales/', '');
    // As files, which the local S3 takes for objects: quicker than a thousand requests.
    for (const each of many) writeFileSync(join(harness.s3.bucketFolder(BUCKET), each), 'x');
    const listed: string[] = [];
    const onListed = (object: RawObject): void => void listed.push(object.key);
    expect(await verdicts({ onListed, until: 0 })).toEqual({});
    expect(listed).toEqual(many);
  });

  it('judges what was written since a time and before another', async () => {
    for (const each of keys) {
      await put(BUCKET, each, 'x');
      harness.clock.advance(1000);
    }
    const listed: RawObject[] = [];
    const onListed = (object: RawObject): void => void listed.push(object);
    const found = await verdicts({ since: START + 1000, until: START + 2000, onListed });
    expect(Object.keys(found)).toEqual(['raw/b/2.json']);
    expect(listed.map(({ table, lastModified }) => [table, lastModified - START])).toEqual([
      ['a', 0],
      ['b', 1000],
      ['c', 2000],
    ]);
  });

  it('judges the tables that are asked for', async () => {
    for (const each of keys) await put(BUCKET, each, 'x');
    expect(Object.keys(await verdicts({ tables: ['c', 'a', 'c'] }))).toEqual([
      'raw/c/3.json',
      'raw/a/1.json',
    ]);
  });

  it('fails where S3 does', async () => {
    await put(BUCKET, key, 'records');
    const buckets = { raw: BUCKET, curated: 'none' };
    await expect(reconcile(harness.client, buckets, {}, () => undefined)).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });
});

describe('the rows of an output', () => {
  const rowsOf = (output: string): Promise<number> => outputRows(harness.client, CURATED, output);

  it('are read from the end of a Parquet file alone, once more where its footer is large', async () => {
    await put(CURATED, PARQUET, await parquet(300, 2));
    const ranges: unknown[] = [];
    harness.client.middlewareStack.add(
      (next, context) => (args) => {
        if (context['commandName'] === GetObjectCommand.name) {
          ranges.push((args.input as { Range?: string }).Range);
        }
        return next(args);
      },
      { step: 'initialize', name: 'ranges' },
    );
    expect(await rowsOf(PARQUET)).toBe(300);
    expect(ranges).toEqual(['bytes=-65536', expect.stringMatching(/^bytes=-\d{6}$/)]);
  });

  it.each([
    ['none', '', 0],
    ['those with an end', '{"a":1}\n{"b":2}\n{"c"', 2],
    ['those that are not blank', '{}\n\n  \t\n {}\r\n', 2],
    ['none where it was emptied', emptyQuarantineFile('00A1'), 0],
    ['all of many', '{"record":"{}"}\n'.repeat(50_000), 50_000],
  ])('are the lines of a quarantine file: %s', async (_name, text, lines) => {
    await put(CURATED, QUARANTINE, text);
    expect(await rowsOf(QUARANTINE)).toBe(lines);
  });

  it('are none that a footer larger than its file could tell', async () => {
    const file = Buffer.from(await parquet(10));
    file.writeUInt32LE(file.length + 1, file.length - 8);
    await put(CURATED, PARQUET, file);
    await expect(rowsOf(PARQUET)).rejects.toMatchObject({ code: 'OutputError' });
  });
});
