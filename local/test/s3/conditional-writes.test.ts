import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BUCKET, closeAll, errorOf, openHarness, type Harness } from './harness';

afterEach(closeAll);

const KEY = 'manifest.json';

interface Condition {
  IfMatch?: string;
  IfNoneMatch?: string;
}

function put(harness: Harness, Body: string, condition: Condition = {}) {
  const input = { Bucket: BUCKET, Key: KEY, Body, ...condition };
  return harness.client.send(new PutObjectCommand(input));
}

async function complete(harness: Harness, Body: string, condition: Condition = {}) {
  const target = { Bucket: BUCKET, Key: KEY };
  const { UploadId } = await harness.client.send(new CreateMultipartUploadCommand(target));
  const part = { ...target, UploadId, PartNumber: 1, Body };
  const { ETag } = await harness.client.send(new UploadPartCommand(part));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  return harness.client.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload, ...condition }),
  );
}

async function copy(harness: Harness, Body: string, condition: Condition = {}) {
  await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'source', Body }));
  const input = { Bucket: BUCKET, Key: KEY, CopySource: `${BUCKET}/source`, ...condition };
  const { CopyObjectResult } = await harness.client.send(new CopyObjectCommand(input));
  return { ETag: CopyObjectResult?.ETag };
}

async function content(harness: Harness): Promise<string | undefined> {
  const command = new GetObjectCommand({ Bucket: BUCKET, Key: KEY });
  return (await harness.client.send(command)).Body?.transformToString();
}

describe.each([
  ['PutObject', put],
  ['CompleteMultipartUpload', complete],
  ['CopyObject', copy],
])('a conditional %s', (_name, write) => {
  it('with If-None-Match: * writes where there is no object, and only there', async () => {
    const harness = await openHarness();
    await write(harness, 'first', { IfNoneMatch: '*' });
    const error = await errorOf(write(harness, 'second', { IfNoneMatch: '*' }));
    expect(error).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    expect(await content(harness)).toBe('first');
  });

  it('with If-Match writes over the object of that ETag, and only over it', async () => {
    const harness = await openHarness();
    const { ETag } = await write(harness, 'first');
    await write(harness, 'second', { IfMatch: ETag });
    const error = await errorOf(write(harness, 'third', { IfMatch: ETag }));
    expect(error).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    expect(await content(harness)).toBe('second');
  });

  it('with If-Match finds no key where there is no object', async () => {
    const harness = await openHarness();
    const error = await errorOf(write(harness, 'first', { IfMatch: '"etag"' }));
    expect(error).toMatchObject({ name: 'NoSuchKey', status: 404 });
  });

  it('is won by exactly one of several at the same time', async () => {
    const harness = await openHarness();
    const attempts = ['a', 'b', 'c', 'd'].map((body) => write(harness, body, { IfNoneMatch: '*' }));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const created = harness.events.filter(
      (event) => (event.detail['object'] as { key: string }).key === KEY,
    );
    expect(created).toHaveLength(1);
  });
});

describe('If-Match', () => {
  it('is won by exactly one of two that read the same object', async () => {
    const harness = await openHarness();
    const { ETag } = await put(harness, 'base');
    const outcomes = await Promise.allSettled([
      put(harness, 'one', { IfMatch: ETag }),
      put(harness, 'two', { IfMatch: ETag }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is judged at the end of the upload, not at its start', async () => {
    const harness = await openHarness();
    const { ETag } = await put(harness, 'base');
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    async function* slowly() {
      yield Buffer.from('half');
      await gate;
      yield Buffer.from('half');
    }
    const slow = harness.client.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: KEY,
        Body: Readable.from(slowly()),
        ContentLength: 8,
        IfMatch: ETag,
      }),
    );
    await put(harness, 'overtakes');
    release();
    expect((await errorOf(slow)).name).toBe('PreconditionFailed');
    expect(await content(harness)).toBe('overtakes');
  });

  it('knows the ETag of a file that was dropped in by hand', async () => {
    const harness = await openHarness();
    writeFileSync(join(harness.s3.bucketFolder(BUCKET), KEY), 'dropped');
    await put(harness, 'next', { IfMatch: '"b7e78a4a3a27b8a1bb8a1f1c7d0a8c9e"' }).then(
      () => expect('written').toBe('refused'),
      (error: Error) => expect(error.name).toBe('PreconditionFailed'),
    );
    const head = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: KEY }));
    await put(harness, 'next', { IfMatch: head.ETag });
    expect(await content(harness)).toBe('next');
  });

  it('on a delete removes the object of that ETag, and only it', async () => {
    const harness = await openHarness();
    const { ETag } = await put(harness, 'x');
    const remove = (IfMatch?: string) =>
      harness.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: KEY, IfMatch }));
    expect((await errorOf(remove('"other"'))).name).toBe('PreconditionFailed');
    await remove(ETag);
    expect(await errorOf(remove(ETag))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  });
});

it('If-None-Match with an ETag is not implemented for writes, as on AWS', async () => {
  const harness = await openHarness();
  const error = await errorOf(put(harness, 'x', { IfNoneMatch: '"etag"' }));
  expect(error).toMatchObject({ name: 'NotImplemented', status: 501 });
});
