import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { BUCKET, closeAll, errorOf, openHarness, START, type Harness } from './harness';

afterEach(closeAll);

const TARGET = { Bucket: BUCKET, Key: 'large/object' };
const MIB = 1024 ** 2;
const FIVE_MIB = randomBytes(5 * MIB);

const md5 = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();

function multipartEtag(parts: Buffer[]): string {
  return `"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-${parts.length}"`;
}

function crc32Of(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

async function begin(
  { client }: Harness,
  input: Partial<CreateMultipartUploadCommandInput> = {},
): Promise<string> {
  const command = new CreateMultipartUploadCommand({ ...TARGET, ...input });
  const { UploadId = '' } = await client.send(command);
  return UploadId;
}

async function upload({ client }: Harness, UploadId: string, PartNumber: number, Body: Buffer) {
  const command = new UploadPartCommand({ ...TARGET, UploadId, PartNumber, Body });
  const { ETag, ChecksumCRC32 } = await client.send(command);
  return { PartNumber, ETag, ChecksumCRC32 };
}

function complete({ client }: Harness, UploadId: string, Parts: CompletedPart[], more = {}) {
  return client.send(
    new CompleteMultipartUploadCommand({
      ...TARGET,
      UploadId,
      MultipartUpload: { Parts },
      ...more,
    }),
  );
}

async function read({ client }: Harness): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand(TARGET));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('the Upload of lib-storage, as it comes', () => {
  it.each([
    ['a buffer', (bytes: Buffer) => bytes],
    ['a stream of unknown length', (bytes: Buffer) => Readable.from([bytes])],
  ])('stores %s in parts', async (_what, body) => {
    const harness = await openHarness();
    const bytes = Buffer.concat([FIVE_MIB, FIVE_MIB, Buffer.from('the rest')]);
    const sent = await new Upload({
      client: harness.client,
      params: { ...TARGET, Body: body(bytes), ContentType: 'text/csv', Metadata: { a: 'b' } },
    }).done();
    expect(sent.ETag).toBe(multipartEtag([FIVE_MIB, FIVE_MIB, Buffer.from('the rest')]));
    const head = await harness.client.send(
      new HeadObjectCommand({ ...TARGET, ChecksumMode: 'ENABLED' }),
    );
    const sums = Buffer.concat([FIVE_MIB, FIVE_MIB, Buffer.from('the rest')].map(crc32Of));
    expect(head).toMatchObject({
      ContentLength: bytes.length,
      ContentType: 'text/csv',
      Metadata: { a: 'b' },
      ChecksumType: 'COMPOSITE',
      ChecksumCRC32: `${crc32Of(sums).toString('base64')}-3`,
    });
    expect((await read(harness)).equals(bytes)).toBe(true);
    expect(harness.faults).toEqual([]);
  });
});

describe('a multipart upload', () => {
  it('joins its parts in the order of their numbers and is gone', async () => {
    const harness = await openHarness();
    const id = await begin(harness);
    const last = await upload(harness, id, 7, Buffer.from('tail'));
    const first = await upload(harness, id, 2, FIVE_MIB);
    const done = await complete(harness, id, [first, last]);
    expect(done).toMatchObject({
      ...TARGET,
      ETag: multipartEtag([FIVE_MIB, Buffer.from('tail')]),
      Location: `http://127.0.0.1:${harness.port}/${BUCKET}/large%2Fobject`,
    });
    expect((await read(harness)).equals(Buffer.concat([FIVE_MIB, Buffer.from('tail')]))).toBe(true);
    expect(readdirSync(join(harness.stateDir, 's3-multipart'))).toEqual([]);
    expect(readdirSync(join(harness.stateDir, 's3-tmp'))).toEqual([]);
  });

  it('may leave out parts, and takes the newest of a number', async () => {
    const harness = await openHarness();
    const id = await begin(harness);
    await upload(harness, id, 1, Buffer.from('old'));
    const part = await upload(harness, id, 1, Buffer.from('new'));
    await upload(harness, id, 2, Buffer.from('not wanted'));
    await complete(harness, id, [part]);
    expect((await read(harness)).toString()).toBe('new');
  });

  it('survives a restart', async () => {
    const before = await openHarness();
    const id = await begin(before, { ContentType: 'text/csv' });
    const part = await upload(before, id, 1, Buffer.from('kept'));
    const after = await openHarness({ stateDir: before.stateDir });
    await complete(after, id, [part]);
    const got = await after.client.send(new GetObjectCommand(TARGET));
    expect(got.ContentType).toBe('text/csv');
    expect(await got.Body?.transformToString()).toBe('kept');
  });

  it('is completed once: a repeated request is told the same, in one event', async () => {
    const harness = await openHarness();
    const id = await begin(harness);
    const part = await upload(harness, id, 1, Buffer.from('x'));
    const first = await complete(harness, id, [part]);
    const second = await complete(harness, id, [part]);
    expect(second.ETag).toBe(first.ETag);
    expect(harness.events).toHaveLength(1);
  });

  it('that is aborted is gone with its parts', async () => {
    const harness = await openHarness();
    const id = await begin(harness);
    const part = await upload(harness, id, 1, Buffer.from('x'));
    const abort = () =>
      harness.client.send(new AbortMultipartUploadCommand({ ...TARGET, UploadId: id }));
    await abort();
    expect(await errorOf(abort())).toMatchObject({ name: 'NoSuchUpload', status: 404 });
    expect((await errorOf(complete(harness, id, [part]))).name).toBe('NoSuchUpload');
    expect((await errorOf(upload(harness, id, 1, FIVE_MIB))).name).toBe('NoSuchUpload');
    expect(existsSync(join(harness.stateDir, 's3-multipart', id))).toBe(false);
  });

  it('belongs to its key alone', async () => {
    const harness = await openHarness();
    const UploadId = await begin(harness);
    const command = new ListPartsCommand({ Bucket: BUCKET, Key: 'other', UploadId });
    expect((await errorOf(harness.client.send(command))).name).toBe('NoSuchUpload');
  });

  it('changes nothing of the object until it is completed', async () => {
    const harness = await openHarness();
    await harness.client.send(new PutObjectCommand({ ...TARGET, Body: 'before' }));
    const id = await begin(harness);
    const part = await upload(harness, id, 1, Buffer.from('after'));
    expect((await read(harness)).toString()).toBe('before');
    await complete(harness, id, [part]);
    expect((await read(harness)).toString()).toBe('after');
  });
});

describe('completing is refused', () => {
  it('where parts are out of order', async () => {
    const harness = await openHarness();
    const id = await begin(harness);
    const parts = [await upload(harness, id, 2, FIVE_MIB), await upload(harness, id, 1, FIVE_MIB)];
    expect((await errorOf(complete(harness, id, parts))).name).toBe('InvalidPartOrder');
  });

  it('where a part but the last is smaller than 5 MiB', async () => {
    const harness = await openHarness();
    const id = await begin(harness);
    const small = FIVE_MIB.subarray(1);
    const parts = [await upload(harness, id, 1, small), await upload(harness, id, 2, small)];
    expect((await errorOf(complete(harness, id, parts))).name).toBe('EntityTooSmall');
    // The upload goes on, so that the part can be sent anew.
    parts[0] = await upload(harness, id, 1, FIVE_MIB);
    await complete(harness, id, parts);
  });

  it.each([
    ['was never uploaded', { PartNumber: 2 }],
    ['has another ETag', { ETag: '"00000000000000000000000000000000"' }],
    ['has another checksum', { ChecksumCRC32: 'AAAAAA==' }],
  ])('where a part %s', async (_what, change) => {
    const harness = await openHarness();
    const id = await begin(harness);
    const part = await upload(harness, id, 1, Buffer.from('x'));
    const error = await errorOf(complete(harness, id, [{ ...part, ...change }]));
    expect(error).toMatchObject({ name: 'InvalidPart', status: 400 });
  });

  it('where no parts are listed', async () => {
    const harness = await openHarness();
    const id = await begin(harness);
    expect((await errorOf(complete(harness, id, []))).name).toBe('MalformedXML');
  });

  it('where the object has not the size expected', async () => {
    const harness = await openHarness();
    const id = await begin(harness);
    const part = await upload(harness, id, 1, Buffer.from('x'));
    const error = await errorOf(complete(harness, id, [part], { MpuObjectSize: 2 }));
    expect(error.name).toBe('InvalidRequest');
  });
});

describe('the checksum of a multipart object', () => {
  it('of type FULL_OBJECT covers its bytes', async () => {
    const harness = await openHarness();
    const input = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
    const id = await begin(harness, input);
    const parts = [
      await upload(harness, id, 1, FIVE_MIB),
      await upload(harness, id, 2, Buffer.from('tail')),
    ];
    const ChecksumCRC32 = crc32Of(Buffer.concat([FIVE_MIB, Buffer.from('tail')])).toString(
      'base64',
    );
    const wrong = { ChecksumCRC32: 'AAAAAA==', ChecksumType: 'FULL_OBJECT' };
    expect((await errorOf(complete(harness, id, parts, wrong))).name).toBe('BadDigest');
    expect(readdirSync(join(harness.stateDir, 's3-tmp'))).toEqual([]);
    const done = await complete(harness, id, parts, { ...wrong, ChecksumCRC32 });
    expect(done).toMatchObject({ ChecksumCRC32, ChecksumType: 'FULL_OBJECT' });
  });

  it('of type COMPOSITE needs the checksum of each part', async () => {
    const harness = await openHarness();
    const id = await begin(harness, { ChecksumAlgorithm: 'CRC32' });
    const { PartNumber, ETag } = await upload(harness, id, 1, Buffer.from('x'));
    const error = await errorOf(complete(harness, id, [{ PartNumber, ETag }]));
    expect(error.name).toBe('InvalidRequest');
  });

  it('needs parts with checksums of its algorithm', async () => {
    const harness = await openHarness();
    const id = await begin(harness, { ChecksumAlgorithm: 'SHA256' });
    expect((await errorOf(upload(harness, id, 1, Buffer.from('x')))).name).toBe('InvalidRequest');
  });

  it('is not there where none was asked for, as parts are verified on their own', async () => {
    const harness = await openHarness();
    const id = await begin(harness);
    const part = await upload(harness, id, 1, Buffer.from('x'));
    expect(part.ChecksumCRC32).toBe(crc32Of(Buffer.from('x')).toString('base64'));
    expect((await complete(harness, id, [part])).ChecksumType).toBeUndefined();
  });

  it.each([
    ['SHA256', 'FULL_OBJECT'],
    ['CRC64NVME', 'COMPOSITE'],
  ] as const)('may not be %s of type %s', async (ChecksumAlgorithm, ChecksumType) => {
    const harness = await openHarness();
    const error = await errorOf(begin(harness, { ChecksumAlgorithm, ChecksumType }));
    expect(error.name).toBe('InvalidRequest');
  });
});

describe('listing', () => {
  it('parts goes page by page', async () => {
    const harness = await openHarness();
    const UploadId = await begin(harness);
    for (const number of [3, 1, 10]) await upload(harness, UploadId, number, Buffer.from('abc'));
    const list = (PartNumberMarker?: string) =>
      harness.client.send(
        new ListPartsCommand({ ...TARGET, UploadId, MaxParts: 2, PartNumberMarker }),
      );
    const first = await list();
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '3', MaxParts: 2 });
    expect(first.Parts?.[0]).toEqual({
      PartNumber: 1,
      Size: 3,
      ETag: `"${md5(Buffer.from('abc')).toString('hex')}"`,
      LastModified: new Date(START),
      ChecksumCRC32: crc32Of(Buffer.from('abc')).toString('base64'),
    });
    const second = await list(first.NextPartNumberMarker);
    expect(second.IsTruncated).toBe(false);
    expect(second.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([10]);
  });

  it('uploads goes page by page, by key and then by age', async () => {
    const harness = await openHarness();
    const ids: string[] = [];
    for (const Key of ['b', 'a', 'a']) {
      ids.push(await begin(harness, { Key }));
      harness.clock.advance(1000);
    }
    const list = (KeyMarker?: string, UploadIdMarker?: string) =>
      harness.client.send(
        new ListMultipartUploadsCommand({
          Bucket: BUCKET,
          MaxUploads: 1,
          KeyMarker,
          UploadIdMarker,
        }),
      );
    const seen: unknown[] = [];
    let page = await list();
    for (;;) {
      seen.push([page.Uploads?.[0]?.Key, page.Uploads?.[0]?.UploadId]);
      if (!page.IsTruncated) break;
      page = await list(page.NextKeyMarker, page.NextUploadIdMarker);
    }
    expect(seen).toEqual([
      ['a', ids[1]],
      ['a', ids[2]],
      ['b', ids[0]],
    ]);
  });
});

it('a multipart object is a plain file like any other', async () => {
  const harness = await openHarness();
  const id = await begin(harness);
  await complete(harness, id, [await upload(harness, id, 1, Buffer.from('x'))]);
  expect(readFileSync(join(harness.s3.bucketFolder(BUCKET), TARGET.Key), 'utf8')).toBe('x');
});
