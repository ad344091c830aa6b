import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  DeleteObjectsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  type ListObjectsV2CommandInput,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { pathOfKey } from '../../src/s3/key-path';
import { BUCKET, closeAll, errorOf, openHarness, type Harness } from './harness';

afterEach(closeAll);

function place(harness: Harness, keys: string[]): void {
  for (const key of keys) {
    const file = join(harness.s3.bucketFolder(BUCKET), pathOfKey(key));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, key);
  }
}

async function list(harness: Harness, input: Partial<ListObjectsV2CommandInput> = {}) {
  const command = new ListObjectsV2Command({ Bucket: BUCKET, ...input });
  const page = await harness.client.send(command);
  return {
    page,
    keys: page.Contents?.map(({ Key }) => Key) ?? [],
    prefixes: page.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? [],
  };
}

const KEYS = [
  'a.txt',
  'raw-old/x',
  'raw/date=2026-01-01/1.json',
  'raw/date=2026-01-01/2.json',
  'raw/date=2026-01-02/1.json',
  'raw/readme',
  'raw0',
];

describe('ListObjectsV2', () => {
  it('answers keys in the order of their UTF-8 bytes', async () => {
    const harness = await openHarness();
    const keys = ['\u{1F600}', '\uFFFD', 'é', 'z', 'a/b', 'a-b', 'a.b', 'a0', 'B'];
    place(harness, keys);
    const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    expect((await list(harness)).keys).toEqual([...keys].sort(bytewise));
  });

  it('puts the pieces of long segments where they belong', async () => {
    const harness = await openHarness();
    const long = 'm'.repeat(249);
    const keys = [`${long}a`, `${long}bc/x`, `${long}bca`, `${long}bcd/y`, `${long}z`, 'n'];
    place(harness, keys);
    expect((await list(harness)).keys).toEqual(keys);
    const grouped = await list(harness, { Delimiter: '/' });
    expect(grouped.prefixes).toEqual([`${long}bc/`, `${long}bcd/`]);
  });

  it('describes each object', async () => {
    const harness = await openHarness();
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'abc' });
    const { ETag } = await harness.client.send(put);
    const { page } = await list(harness, { FetchOwner: true });
    expect(page.Contents).toEqual([
      {
        Key: 'a',
        Size: 3,
        ETag,
        LastModified: new Date('2026-01-02T03:04:05.678Z'),
        StorageClass: 'STANDARD',
        ChecksumAlgorithm: ['CRC32'],
        ChecksumType: 'FULL_OBJECT',
        Owner: { ID: '123456789012' },
      },
    ]);
  });

  it('answers an empty bucket as an empty list', async () => {
    const { page } = await list(await openHarness());
    expect(page).toMatchObject({ KeyCount: 0, IsTruncated: false, MaxKeys: 1000, Name: BUCKET });
  });

  it('passes over what is deleted while it goes on', async () => {
    const harness = await openHarness();
    const keys = Array.from({ length: 40 }, (_, i) => `folder-${String(i).padStart(2, '0')}/x`);
    place(harness, keys);
    // Files that no one has looked at are hashed on the way, so that the deletions come between.
    const [{ keys: seen }] = await Promise.all([
      list(harness),
      harness.client.send(
        new DeleteObjectsCommand({
          Bucket: BUCKET,
          Delete: { Objects: keys.slice(20).map((Key) => ({ Key })) },
        }),
      ),
    ]);
    expect(seen.slice(0, 20)).toEqual(keys.slice(0, 20));
    expect(harness.faults).toEqual([]);
  });

  it('answers a bucket whose folder was removed by hand as empty', async () => {
    const harness = await openHarness();
    rmSync(harness.s3.bucketFolder(BUCKET), { recursive: true });
    expect((await list(harness)).keys).toEqual([]);
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'a/b', Body: 'x' });
    await harness.client.send(put);
    expect((await list(harness)).keys).toEqual(['a/b']);
  });

  it.each([
    [{ Prefix: 'raw/' }, KEYS.slice(2, 6), []],
    [{ Prefix: 'raw/date=2026-01-0' }, KEYS.slice(2, 5), []],
    [{ Prefix: 'missing' }, [], []],
    [{ Delimiter: '/' }, ['a.txt', 'raw0'], ['raw-old/', 'raw/']],
    [
      { Prefix: 'raw/', Delimiter: '/' },
      ['raw/readme'],
      ['raw/date=2026-01-01/', 'raw/date=2026-01-02/'],
    ],
    [{ Prefix: 'raw/', Delimiter: '=' }, ['raw/readme'], ['raw/date=']],
    [{ Delimiter: 'raw' }, ['a.txt'], ['raw']],
    [{ StartAfter: 'raw/date=2026-01-01/1.json' }, KEYS.slice(3), []],
    [{ StartAfter: 'raw/date=2026-01-01/' }, KEYS.slice(2), []],
    [{ StartAfter: 'raw/', Prefix: 'a' }, [], []],
  ])('with %j answers what it asks for', async (input, keys, prefixes) => {
    const harness = await openHarness();
    place(harness, KEYS);
    expect(await list(harness, input)).toMatchObject({ keys, prefixes });
  });

  it('cuts pages of max-keys keys and common prefixes', async () => {
    const harness = await openHarness();
    place(harness, KEYS);
    const seen: unknown[] = [];
    const paging = paginateListObjectsV2(
      { client: harness.client, pageSize: 1 },
      { Bucket: BUCKET, Delimiter: '/' },
    );
    for await (const page of paging) {
      seen.push([page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix, page.IsTruncated]);
    }
    expect(seen).toEqual([
      ['a.txt', true],
      ['raw-old/', true],
      ['raw/', true],
      ['raw0', false],
    ]);
  });

  it('shows every key once, whatever the keys, the prefix and the size of the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[ab/.]{1,6}$/), { minLength: 1, maxLength: 12 }),
        fc.stringMatching(/^[ab/]{0,2}$/),
        fc.constantFrom('', '/'),
        fc.integer({ min: 1, max: 4 }),
        async (keys, Prefix, Delimiter, pageSize) => {
          const harness = await openHarness();
          for (const Key of keys) {
            const put = new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key });
            await harness.client.send(put);
          }
          const seen: string[] = [];
          const paging = paginateListObjectsV2(
            { client: harness.client, pageSize },
            { Bucket: BUCKET, Prefix, ...(Delimiter && { Delimiter }) },
          );
          for await (const page of paging) {
            expect(page.KeyCount).toBeLessThanOrEqual(pageSize);
            for (const object of page.Contents ?? []) seen.push(object.Key ?? '');
            for (const group of page.CommonPrefixes ?? []) seen.push(group.Prefix ?? '');
          }
          const expected = keys
            .filter((key) => key.startsWith(Prefix))
            .map((key) => {
              const at = Delimiter === '' ? -1 : key.indexOf(Delimiter, Prefix.length);
              return at < 0 ? key : key.slice(0, at + 1);
            });
          expect(seen.sort()).toEqual([...new Set(expected)].sort());
          await closeAll();
        },
      ),
      { seed: 20260102, numRuns: 25 },
    );
  });

  it('encodes keys with encoding-type=url', async () => {
    const harness = await openHarness();
    place(harness, ["a b/c+d'(3).png", 'ü']);
    const { keys } = await list(harness, { EncodingType: 'url' });
    expect(keys).toEqual(['a+b/c%2Bd%27%283%29.png', '%C3%BC']);
  });

  it.each([
    [{ ContinuationToken: 'not a token' }],
    [{ ContinuationToken: '' }],
    [{ MaxKeys: -1 }],
    [{ EncodingType: 'base64' as 'url' }],
  ])('refuses %j', async (input) => {
    const harness = await openHarness();
    const error = await errorOf(list(harness, input));
    expect(error).toMatchObject({ name: 'InvalidArgument', status: 400 });
  });

  it('answers at most 1,000, and none where max-keys is 0', async () => {
    const harness = await openHarness();
    place(harness, ['a']);
    expect((await list(harness, { MaxKeys: 5000 })).page.MaxKeys).toBe(1000);
    const none = await list(harness, { MaxKeys: 0 });
    expect(none.page).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });
});

describe('ListObjects', () => {
  it('goes on from a marker', async () => {
    const harness = await openHarness();
    place(harness, KEYS);
    const first = await harness.client.send(
      new ListObjectsCommand({ Bucket: BUCKET, Delimiter: '/', MaxKeys: 3 }),
    );
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'raw/' });
    const second = await harness.client.send(
      new ListObjectsCommand({ Bucket: BUCKET, Delimiter: '/', Marker: first.NextMarker }),
    );
    expect(second.CommonPrefixes).toBeUndefined();
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['raw0']);
  });
});
