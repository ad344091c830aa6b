import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { BUCKET, closeAll, errorOf, openHarness, START, type Harness } from './harness';

afterEach(closeAll);

const md5 = (bytes: string | Buffer): string => createHash('md5').update(bytes).digest('hex');

function put(harness: Harness, Key: string, Body: PutObjectCommandInput['Body'] = Key) {
  return harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
}

async function get(harness: Harness, Key: string): Promise<string | undefined> {
  const { Body } = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return Body?.transformToString();
}

describe('an object', () => {
  it('is a plain file under its key', async () => {
    const harness = await openHarness();
    const { ETag } = await put(harness, 'raw/date=2026-01-02/a b+c%.json', '{"a":1}');
    expect(ETag).toBe(`"${md5('{"a":1}')}"`);
    const file = join(harness.stateDir, 's3', BUCKET, 'raw/date=2026-01-02/a b+c%.json');
    expect(readFileSync(file, 'utf8')).toBe('{"a":1}');
  });

  it('comes back with what it was put with', async () => {
    const { client } = await openHarness();
    await client.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'a',
        Body: 'hello',
        ContentType: 'text/plain; charset=utf-8',
        ContentEncoding: 'identity',
        CacheControl: 'max-age=60',
        ContentDisposition: 'attachment; filename="a.txt"',
        ContentLanguage: 'de',
        Metadata: { source: 'till-7', 'row-count': '3' },
        StorageClass: 'STANDARD_IA',
        ServerSideEncryption: 'AES256',
      }),
    );
    const expected = {
      ContentType: 'text/plain; charset=utf-8',
      ContentEncoding: 'identity',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="a.txt"',
      ContentLanguage: 'de',
      Metadata: { source: 'till-7', 'row-count': '3' },
      StorageClass: 'STANDARD_IA',
      ServerSideEncryption: 'AES256',
      ContentLength: 5,
      ETag: `"${md5('hello')}"`,
      AcceptRanges: 'bytes',
      LastModified: new Date('2026-01-02T03:04:05Z'),
    };
    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    expect(got).toMatchObject(expected);
    expect(await got.Body?.transformToString()).toBe('hello');
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    expect(head).toMatchObject(expected);
  });

  it('may be empty', async () => {
    const harness = await openHarness();
    await put(harness, 'empty', Buffer.alloc(0));
    expect(await get(harness, 'empty')).toBe('');
  });

  it('is replaced with all that belongs to it', async () => {
    const { client, clock } = await openHarness();
    const first = { Bucket: BUCKET, Key: 'a', Body: 'one', Metadata: { old: 'yes' } };
    await client.send(new PutObjectCommand(first));
    clock.advance(5000);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'second' }));
    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    expect(await got.Body?.transformToString()).toBe('second');
    expect(got).toMatchObject({
      ETag: `"${md5('second')}"`,
      Metadata: {},
      LastModified: new Date('2026-01-02T03:04:10Z'),
    });
  });

  it('survives a restart with its metadata', async () => {
    const first = await openHarness();
    const input = { Bucket: BUCKET, Key: 'a', Body: 'x', ContentType: 'text/csv' };
    await first.client.send(new PutObjectCommand(input));
    const second = await openHarness({ stateDir: first.stateDir });
    const got = await second.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    expect(got).toMatchObject({ ContentType: 'text/csv', ETag: `"${md5('x')}"` });
  });

  it('is read whole though it is replaced meanwhile', async () => {
    const harness = await openHarness();
    const before = randomBytes(8 * 1024 ** 2);
    await put(harness, 'a', before);
    const got = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    await put(harness, 'a', 'after');
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(before)).toBe(true);
  });

  it.each([
    '..',
    '../outside',
    'a/../b',
    './a',
    'a//b',
    'a/',
    '/a',
    'x.tmp',
    'a^b',
    'a\\b',
    ' padded ',
    'tab\tline\r\n',
    'ünïcödé/日本/😀',
    'a?b#c&d=e+f%2F',
    'x'.repeat(1024),
    `${'é'.repeat(200)}/${'y'.repeat(300)}`,
  ])('may have the key %j', async (key) => {
    const harness = await openHarness();
    await put(harness, key, 'content');
    expect(await get(harness, key)).toBe('content');
    const { Contents } = await harness.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(Contents?.map((object) => object.Key)).toEqual([key]);
    await harness.client.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: key }] } }),
    );
    expect(readdirSync(harness.s3.bucketFolder(BUCKET))).toEqual([]);
    expect(harness.faults).toEqual([]);
  });

  it.each([
    ['the shorter first', ['a', 'a/b', 'a/b/c']],
    ['the longer first', ['a/b/c', 'a/b', 'a']],
  ])('may have a key that is the folder of another: %s', async (_order, keys) => {
    const harness = await openHarness();
    for (const key of keys) await put(harness, key, `first ${key}`);
    for (const key of keys) await put(harness, key, `content of ${key}`);
    for (const key of keys) expect(await get(harness, key)).toBe(`content of ${key}`);
    const { Contents } = await harness.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(Contents?.map((object) => object.Key)).toEqual(['a', 'a/b', 'a/b/c']);
    for (const Key of keys) {
      await harness.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
      expect(await errorOf(get(harness, Key))).toMatchObject({ name: 'NoSuchKey' });
    }
    expect(readdirSync(harness.s3.bucketFolder(BUCKET))).toEqual([]);
  });

  it('may not have a key of more than 1,024 bytes', async () => {
    const harness = await openHarness();
    const error = await errorOf(put(harness, 'é'.repeat(513)));
    expect(error).toMatchObject({ name: 'KeyTooLongError', status: 400 });
  });

  it('may not have more than 2 kB of metadata', async () => {
    const { client } = await openHarness();
    const Metadata = { long: 'x'.repeat(2048) };
    const command = new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x', Metadata });
    expect((await errorOf(client.send(command))).name).toBe('MetadataTooLarge');
  });

  it('that is not there is said not to be', async () => {
    const harness = await openHarness();
    expect(await errorOf(get(harness, 'missing'))).toMatchObject({
      name: 'NoSuchKey',
      status: 404,
    });
    const head = new HeadObjectCommand({ Bucket: BUCKET, Key: 'missing' });
    expect(await errorOf(harness.client.send(head))).toMatchObject({ name: 'NotFound' });
  });

  it('may be asked for under other response headers', async () => {
    const harness = await openHarness();
    await put(harness, 'a');
    const got = await harness.client.send(
      new GetObjectCommand({
        Bucket: BUCKET,
        Key: 'a',
        ResponseContentType: 'text/html',
        ResponseContentDisposition: 'inline',
        ResponseCacheControl: 'no-store',
      }),
    );
    expect(got).toMatchObject({
      ContentType: 'text/html',
      ContentDisposition: 'inline',
      CacheControl: 'no-store',
    });
  });
});

describe('a range', () => {
  it.each([
    ['bytes=2-4', 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 'ij', 'bytes 8-9/10'],
  ])('%s is answered alone', async (Range, content, ContentRange) => {
    const harness = await openHarness();
    await put(harness, 'a', 'abcdefghij');
    const input = { Bucket: BUCKET, Key: 'a', Range };
    const got = await harness.client.send(new GetObjectCommand(input));
    expect(got.$metadata.httpStatusCode).toBe(206);
    expect(got).toMatchObject({ ContentRange, ContentLength: content.length });
    expect(got.ChecksumCRC32).toBeUndefined();
    expect(await got.Body?.transformToString()).toBe(content);
  });

  it('past the end is refused', async () => {
    const harness = await openHarness();
    await put(harness, 'a', 'abcdefghij');
    const command = new GetObjectCommand({ Bucket: BUCKET, Key: 'a', Range: 'bytes=10-' });
    const error = await errorOf(harness.client.send(command));
    expect(error).toMatchObject({ name: 'InvalidRange', status: 416 });
  });
});

describe('a conditional read', () => {
  const etag = `"${md5('a')}"`;
  const earlier = new Date(START - 60_000);
  const later = new Date(START + 60_000);

  it.each([
    ['If-Match with its ETag', { IfMatch: etag }, 200],
    ['If-Match with another', { IfMatch: '"other"' }, 412],
    ['If-Match with one of several', { IfMatch: `"other", ${etag}` }, 200],
    ['If-None-Match with its ETag', { IfNoneMatch: etag }, 304],
    ['If-None-Match with another', { IfNoneMatch: '"other"' }, 200],
    ['If-Modified-Since an earlier time', { IfModifiedSince: earlier }, 200],
    ['If-Modified-Since its own time', { IfModifiedSince: new Date(START) }, 304],
    ['If-Unmodified-Since a later time', { IfUnmodifiedSince: later }, 200],
    ['If-Unmodified-Since an earlier time', { IfUnmodifiedSince: earlier }, 412],
    ['If-Match over If-Unmodified-Since', { IfMatch: etag, IfUnmodifiedSince: earlier }, 200],
    ['If-None-Match over If-Modified-Since', { IfNoneMatch: '"x"', IfModifiedSince: later }, 200],
  ])('%s', async (_condition, condition, status) => {
    const harness = await openHarness();
    await put(harness, 'a');
    const input = { Bucket: BUCKET, Key: 'a', ...condition };
    for (const command of [new GetObjectCommand(input), new HeadObjectCommand(input)]) {
      const answered = harness.client.send(command);
      if (status === 200) expect((await answered).$metadata.httpStatusCode).toBe(200);
      else expect((await errorOf(answered)).status).toBe(status);
    }
  });
});

describe('deleting', () => {
  it('removes the object, its record and the folders that it leaves empty', async () => {
    const harness = await openHarness();
    await put(harness, 'a/b/c');
    await put(harness, 'a/d');
    await harness.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a/b/c' }));
    expect(await errorOf(get(harness, 'a/b/c'))).toMatchObject({ name: 'NoSuchKey' });
    expect(readdirSync(join(harness.s3.bucketFolder(BUCKET), 'a'))).toEqual(['d']);
  });

  it('what is not there is no error', async () => {
    const { client } = await openHarness();
    const answer = await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'missing' }));
    expect(answer.$metadata.httpStatusCode).toBe(204);
  });

  it('many objects tells of each', async () => {
    const harness = await openHarness();
    await put(harness, 'a');
    await put(harness, 'b & <c>');
    const { Deleted, Errors } = await harness.client.send(
      new DeleteObjectsCommand({
        Bucket: BUCKET,
        Delete: {
          Objects: [
            { Key: 'a' },
            { Key: 'b & <c>' },
            { Key: 'missing' },
            { Key: 'x'.repeat(1025) },
          ],
        },
      }),
    );
    expect(Deleted?.map((each) => each.Key)).toEqual(['a', 'b & <c>', 'missing']);
    expect(Errors?.map((each) => each.Code)).toEqual(['KeyTooLongError']);
    expect(readdirSync(harness.s3.bucketFolder(BUCKET))).toEqual([]);
  });

  it('many objects quietly tells of errors alone', async () => {
    const harness = await openHarness();
    await put(harness, 'a');
    const answer = await harness.client.send(
      new DeleteObjectsCommand({
        Bucket: BUCKET,
        Delete: { Quiet: true, Objects: [{ Key: 'a' }, { Key: 'b', ETag: '"x"' }] },
      }),
    );
    expect(answer.Deleted).toBeUndefined();
    expect(answer.Errors).toMatchObject([{ Key: 'b', Code: 'NoSuchKey' }]);
  });

  it.each([
    ['no XML', 'hello'],
    ['another root', '<Remove><Object><Key>a</Key></Object></Remove>'],
    ['no objects', '<Delete><Quiet>true</Quiet></Delete>'],
    ['an object without a key', '<Delete><Object><Size>1</Size></Object></Delete>'],
    ['too many', `<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>`],
  ])('many objects by a list with %s is refused', async (_what, body) => {
    const { send } = await openHarness();
    const answer = await send('POST', `/${BUCKET}?delete`, {}, body);
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.stringContaining('<Code>MalformedXML</Code>'),
    ]);
  });
});

describe('a file dropped into the folder of a bucket', () => {
  it('is an object with the MD5 of its bytes as ETag', async () => {
    const harness = await openHarness();
    const folder = join(harness.s3.bucketFolder(BUCKET), 'raw');
    mkdirSync(folder);
    writeFileSync(join(folder, 'day.csv'), '1,2\n');
    const modified = statSync(join(folder, 'day.csv')).mtimeMs;
    const got = await harness.client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: 'raw/day.csv' }),
    );
    expect(await got.Body?.transformToString()).toBe('1,2\n');
    expect(got).toMatchObject({ ETag: `"${md5('1,2\n')}"`, ContentType: 'binary/octet-stream' });
    expect(got.LastModified?.getTime()).toBe(Math.floor(modified / 1000) * 1000);
    const { Contents } = await harness.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(Contents).toMatchObject([{ Key: 'raw/day.csv', Size: 4, ETag: `"${md5('1,2\n')}"` }]);
  });

  it('over an object takes its place without its metadata', async () => {
    const harness = await openHarness();
    await put(harness, 'a', 'put');
    writeFileSync(join(harness.s3.bucketFolder(BUCKET), 'a'), 'dropped');
    const head = new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' });
    const got = await harness.client.send(head);
    expect(got).toMatchObject({ ETag: `"${md5('dropped')}"`, ContentLength: 7 });
  });

  it('is no object under a name that no key leads to, nor as a link', async () => {
    const harness = await openHarness();
    const folder = harness.s3.bucketFolder(BUCKET);
    writeFileSync(join(folder, 'half-written.tmp'), 'x');
    symlinkSync('/etc/hostname', join(folder, 'link'));
    const { KeyCount } = await harness.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(KeyCount).toBe(0);
    expect(await errorOf(get(harness, 'link'))).toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('a large upload', () => {
  it('is streamed to the disk and back, not held in memory', async () => {
    const harness = await openHarness();
    const block = randomBytes(1024 ** 2);
    const blocks = 150;
    const hash = createHash('md5');
    let peak = 0;
    function* body() {
      for (let i = 0; i < blocks; i++) {
        hash.update(block);
        peak = Math.max(peak, process.memoryUsage().arrayBuffers);
        yield block;
      }
    }
    const start = process.memoryUsage().arrayBuffers;
    const { ETag } = await harness.client.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'large',
        Body: Readable.from(body()),
        ContentLength: blocks * block.length,
      }),
    );
    expect(ETag).toBe(`"${hash.digest('hex')}"`);
    const got = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'large' }));
    let size = 0;
    for await (const chunk of got.Body as Readable) {
      size += (chunk as Buffer).length;
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    }
    expect(size).toBe(blocks * block.length);
    expect(peak - start).toBeLessThan(100 * 1024 ** 2);
  });

  it('that is refused at once is answered why', async () => {
    const { client } = await openHarness();
    const Body = Buffer.alloc(20 * 1024 ** 2);
    const command = new PutObjectCommand({ Bucket: 'missing', Key: 'a', Body });
    expect(await errorOf(client.send(command))).toMatchObject({ name: 'NoSuchBucket' });
  });

  it('that breaks off leaves nothing behind', async () => {
    const harness = await openHarness();
    const socket = connect(harness.port, '127.0.0.1');
    socket.write(`PUT /${BUCKET}/cut HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf`);
    const staging = join(harness.stateDir, 's3-tmp');
    const until = async (done: () => boolean) => {
      while (!done()) await new Promise((resolve) => setImmediate(resolve));
    };
    await until(() => existsSync(staging) && readdirSync(staging).length === 1);
    socket.destroy();
    await until(() => readdirSync(staging).length === 0);
    expect(await errorOf(get(harness, 'cut'))).toMatchObject({ name: 'NoSuchKey' });
    expect(harness.faults).toEqual([]);
  });
});

describe('the person watching', () => {
  it('is told of writes, and of reads for debugging', async () => {
    const harness = await openHarness();
    await put(harness, 'a', 'x'.repeat(12_345));
    await get(harness, 'a');
    await harness.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    const subject = `s3://${BUCKET}/a`;
    expect(harness.told).toEqual([
      { service: 's3', what: 'object created', subject, detail: '12.3 kB', level: 'info' },
      { service: 's3', what: 'object read', subject, detail: '12.3 kB', level: 'debug' },
      { service: 's3', what: 'object deleted', subject, level: 'info' },
    ]);
  });
});
