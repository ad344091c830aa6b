import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  ChecksumAlgorithm,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { BUCKET, closeAll, errorOf, openHarness } from './harness';

afterEach(closeAll);

const PATH = `/${BUCKET}/a`;
const CRC32_OF_HELLO = 'NhCmhg==';

function crc32Of(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64');
}

function stagedFiles({ stateDir }: { stateDir: string }): string[] {
  const staging = join(stateDir, 's3-tmp');
  return existsSync(staging) ? readdirSync(staging) : [];
}

async function stored(harness: Awaited<ReturnType<typeof openHarness>>) {
  const got = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
  return got.Body?.transformToString();
}

describe.each(Object.values(ChecksumAlgorithm).filter((each) => /^(CRC|SHA1$|SHA256$)/.test(each)))(
  'the checksum %s of the SDK',
  (algorithm) => {
    const member = `Checksum${algorithm}` as 'ChecksumCRC32';

    it.each([
      ['in a header', () => 'hello'],
      ['in a trailer', () => Readable.from([Buffer.from('hel'), Buffer.from('lo')])],
    ])('is verified %s and answered with the object', async (_where, body) => {
      const { client, faults } = await openHarness();
      const put = await client.send(
        new PutObjectCommand({
          Bucket: BUCKET,
          Key: 'a',
          Body: body(),
          ContentLength: 5,
          ChecksumAlgorithm: algorithm,
        }),
      );
      expect(put).toMatchObject({ [member]: expect.any(String) as string });
      // The SDK verifies the content against the checksum answered.
      const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
      expect(await got.Body?.transformToString()).toBe('hello');
      expect(got[member]).toBe(put[member]);
      expect(got.ChecksumType).toBe('FULL_OBJECT');
      expect(faults).toEqual([]);
    });

    it('that does not match is refused and nothing is stored', async () => {
      const harness = await openHarness();
      const wrong = Buffer.alloc(
        { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 }[algorithm as 'CRC32'],
      ).toString('base64');
      const input = { Bucket: BUCKET, Key: 'a', Body: 'hello', [member]: wrong };
      const error = await errorOf(harness.client.send(new PutObjectCommand(input)));
      expect(error).toMatchObject({ name: 'BadDigest', status: 400 });
      expect(readdirSync(harness.s3.bucketFolder(BUCKET))).toEqual([]);
    });
  },
);

describe('a checksum', () => {
  it('is CRC32 where the client of today chooses none', async () => {
    const { client } = await openHarness();
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'hello' }));
    const input = { Bucket: BUCKET, Key: 'a', ChecksumMode: 'ENABLED' } as const;
    const head = await client.send(new HeadObjectCommand(input));
    expect(head).toMatchObject({ ChecksumCRC32: CRC32_OF_HELLO, ChecksumType: 'FULL_OBJECT' });
  });

  it('is answered only where it is asked for', async () => {
    const { client } = await openHarness();
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'hello' }));
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    expect(head.ChecksumCRC32).toBeUndefined();
  });
});

describe('Content-MD5', () => {
  it.each([
    ['right', createHash('md5').update('hello').digest('base64'), 200, ''],
    ['wrong', createHash('md5').update('other').digest('base64'), 400, 'BadDigest'],
    ['no MD5', 'aGVsbG8=', 400, 'InvalidDigest'],
  ])('that is %s', async (_what, md5, status, code) => {
    const { send } = await openHarness();
    const answer = await send('PUT', PATH, { 'content-md5': md5, 'content-length': 5 }, 'hello');
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(code);
  });
});

describe('x-amz-content-sha256', () => {
  it('that is not the digest of the body is refused', async () => {
    const { send } = await openHarness();
    const sha256 = createHash('sha256').update('other').digest('hex');
    const headers = { 'x-amz-content-sha256': sha256, 'content-length': 5 };
    const answer = await send('PUT', PATH, headers, 'hello');
    expect(answer.body).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
  });
});

describe('an aws-chunked body', () => {
  const signature = `;chunk-signature=${'ab'.repeat(32)}`;
  const trailer = (value: string) => `x-amz-checksum-crc32:${value}\r\n`;

  it.each([
    [
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      `3\r\nhel\r\n2\r\nlo\r\n0\r\n${trailer(CRC32_OF_HELLO)}\r\n`,
    ],
    ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', `5${signature}\r\nhello\r\n0${signature}\r\n\r\n`],
    [
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      `5${signature}\r\nhello\r\n0${signature}\r\n${trailer(CRC32_OF_HELLO)}x-amz-trailer-signature:${'cd'.repeat(32)}\r\n\r\n`,
    ],
  ])('%s is stored without its framing', async (framing, body) => {
    const harness = await openHarness();
    const answer = await harness.send(
      'PUT',
      PATH,
      {
        'x-amz-content-sha256': framing,
        'content-encoding': 'gzip,aws-chunked',
        'x-amz-decoded-content-length': 5,
        ...(framing.endsWith('TRAILER') && { 'x-amz-trailer': 'x-amz-checksum-crc32' }),
      },
      body,
    );
    expect(answer.status).toBe(200);
    expect(answer.headers['etag']).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
    const got = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    expect(got.ContentEncoding).toBe('gzip');
    expect(await got.Body?.transformToString()).toBe('hello');
  });

  const framed = (headers: object, body: string) => ({
    headers: {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
      'x-amz-trailer': 'x-amz-checksum-crc32',
      ...headers,
    },
    body,
  });

  it.each([
    [
      'a wrong trailing checksum',
      framed({}, `5\r\nhello\r\n0\r\n${trailer(crc32Of('other'))}\r\n`),
      'BadDigest',
    ],
    ['no trailing checksum', framed({}, '5\r\nhello\r\n0\r\n\r\n'), 'MalformedTrailerError'],
    [
      'fewer bytes than it decodes to',
      framed({ 'x-amz-decoded-content-length': '6' }, '5\r\nhello\r\n0\r\n\r\n'),
      'IncompleteBody',
    ],
    [
      'more bytes than it decodes to',
      framed({ 'x-amz-decoded-content-length': '4' }, '5\r\nhello\r\n0\r\n\r\n'),
      'IncompleteBody',
    ],
    ['an end within a chunk', framed({}, '5\r\nhel'), 'IncompleteBody'],
    ['broken framing', framed({}, 'hello'), 'IncompleteBody'],
    [
      'no decoded length',
      framed({ 'x-amz-decoded-content-length': '' }, '5\r\nhello\r\n0\r\n\r\n'),
      'MissingContentLength',
    ],
  ])('with %s is refused and nothing is stored', async (_what, { headers, body }, code) => {
    const harness = await openHarness();
    const answer = await harness.send('PUT', PATH, headers, body);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
    expect(await errorOf(stored(harness))).toMatchObject({ name: 'NoSuchKey' });
    expect(stagedFiles(harness)).toEqual([]);
  });
});

describe('a body', () => {
  it('needs a length', async () => {
    const { send } = await openHarness();
    const answer = await send('PUT', PATH, { 'transfer-encoding': 'chunked' }, 'hello');
    expect(answer).toMatchObject({ status: 411 });
    expect(answer.body).toContain('<Code>MissingContentLength</Code>');
  });

  it('may not be larger than 5 GiB', async () => {
    const { send } = await openHarness();
    const headers = {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(5 * 1024 ** 3 + 1),
    };
    const answer = await send('PUT', PATH, headers, '0\r\n\r\n');
    expect(answer.body).toContain('<Code>EntityTooLarge</Code>');
  });

  it('may have one checksum', async () => {
    const { send } = await openHarness();
    const headers = {
      'content-length': 5,
      'x-amz-checksum-crc32': CRC32_OF_HELLO,
      'x-amz-checksum-sha1': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    };
    const answer = await send('PUT', PATH, headers, 'hello');
    expect(answer.body).toContain('<Code>InvalidRequest</Code>');
  });

  it('must have the checksum that it names', async () => {
    const { send } = await openHarness();
    const headers = { 'content-length': 5, 'x-amz-sdk-checksum-algorithm': 'SHA256' };
    const answer = await send('PUT', PATH, headers, 'hello');
    expect(answer.body).toContain('<Code>InvalidRequest</Code>');
  });
});
