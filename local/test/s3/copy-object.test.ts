import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type CopyObjectCommandInput,
} from '@aws-sdk/client-s3';
import { BUCKET, closeAll, errorOf, openHarness, START, type Harness } from './harness';

afterEach(closeAll);

const SOURCE = { Bucket: BUCKET, Key: 'raw/a b+c.json' };
const CopySource = `${BUCKET}/raw/a%20b%2Bc.json`;
const etag = `"${createHash('md5').update('content').digest('hex')}"`;

async function openWithSource(): Promise<Harness> {
  const harness = await openHarness();
  const described = { ContentType: 'application/json', Metadata: { from: 'till' } };
  await harness.client.send(new PutObjectCommand({ ...SOURCE, Body: 'content', ...described }));
  return harness;
}

function copy({ client }: Harness, input: Partial<CopyObjectCommandInput> = {}) {
  return client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource, ...input }));
}

async function read({ client }: Harness, Key = 'copy') {
  const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return { ...got, content: await got.Body?.transformToString() };
}

describe('a copy', () => {
  it('has the content, the metadata and the checksum of its source', async () => {
    const harness = await openWithSource();
    harness.clock.advance(1000);
    const { CopyObjectResult } = await copy(harness);
    expect(CopyObjectResult).toMatchObject({ ETag: etag, LastModified: new Date(START + 1000) });
    const source = await read(harness, SOURCE.Key);
    expect(await read(harness)).toMatchObject({
      content: 'content',
      ContentType: 'application/json',
      Metadata: { from: 'till' },
      ChecksumCRC32: source.ChecksumCRC32,
    });
  });

  it('may come with metadata of its own', async () => {
    const harness = await openWithSource();
    const own = { ContentType: 'text/plain', Metadata: { by: 'hand' } };
    await copy(harness, { MetadataDirective: 'REPLACE', ...own });
    expect(await read(harness)).toMatchObject({ content: 'content', ...own });
  });

  it('may go to another bucket, with a leading slash in its source', async () => {
    const harness = await openWithSource();
    harness.s3.createBucket({ name: 'other', eventBridge: false });
    await copy(harness, { Bucket: 'other', CopySource: `/${CopySource}` });
    const got = await harness.client.send(new GetObjectCommand({ Bucket: 'other', Key: 'copy' }));
    expect(await got.Body?.transformToString()).toBe('content');
  });

  it('of an object to itself must change something', async () => {
    const harness = await openWithSource();
    expect((await errorOf(copy(harness, SOURCE))).name).toBe('InvalidRequest');
    await copy(harness, { ...SOURCE, MetadataDirective: 'REPLACE', Metadata: { changed: 'yes' } });
    const changed = await read(harness, SOURCE.Key);
    expect(changed).toMatchObject({ content: 'content', Metadata: { changed: 'yes' } });
  });

  it.each([
    [{ CopySourceIfMatch: '"other"' }],
    [{ CopySourceIfNoneMatch: etag }],
    [{ CopySourceIfModifiedSince: new Date(START) }],
    [{ CopySourceIfUnmodifiedSince: new Date(START - 60_000) }],
  ])('is not made on the condition %j', async (condition) => {
    const harness = await openWithSource();
    const error = await errorOf(copy(harness, condition));
    expect(error).toMatchObject({ name: 'PreconditionFailed', status: 412 });
  });

  it.each([
    ['the target is another than expected', { Key: 'copy', IfMatch: '"other"' }, 412],
    ['there is no target, where one is expected', { Key: 'none', IfMatch: etag }, 404],
    ['there is a target, where none is expected', { Key: 'copy', IfNoneMatch: '*' }, 412],
  ])('is not made where %s', async (_name, condition, status) => {
    const harness = await openWithSource();
    await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'copy', Body: 'own' }));
    expect((await errorOf(copy(harness, condition))).status).toBe(status);
    expect((await read(harness)).content).toBe('own');
  });

  it('replaces the very target that is expected', async () => {
    const harness = await openWithSource();
    await copy(harness);
    const changed = { MetadataDirective: 'REPLACE', Metadata: { changed: 'yes' } } as const;
    await copy(harness, { IfMatch: etag, ...changed });
    expect((await read(harness)).Metadata).toEqual({ changed: 'yes' });
  });

  it.each([
    ['missing/key', 'NoSuchBucket'],
    [`${BUCKET}/missing`, 'NoSuchKey'],
    [BUCKET, 'InvalidArgument'],
    [`${CopySource}?versionId=1`, 'NotImplemented'],
  ])('of %s is answered %s', async (source, code) => {
    const harness = await openWithSource();
    expect((await errorOf(copy(harness, { CopySource: source }))).name).toBe(code);
  });
});
