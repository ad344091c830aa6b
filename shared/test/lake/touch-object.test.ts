import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { BUCKET, closeAll, openHarness, type Harness } from '@saleslake/local/test/s3/harness';
import { touchObject } from '@saleslake/shared/lake/touch-object';
import fc from 'fast-check';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(closeAll);

const MARK = { mark: 'again' };
const touch = (key: string, s3 = harness.client) => touchObject(s3, { bucket: BUCKET, key }, MARK);

async function put(Key: string, input: Partial<PutObjectCommandInput> = {}): Promise<void> {
  await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'rows', ...input }));
}

/** All that S3 tells of an object, but when it was written. */
async function read(Key: string) {
  const got = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  const { Body, ContentType, ContentEncoding, ContentDisposition, ContentLanguage } = got;
  const { CacheControl, ExpiresString, Metadata, StorageClass, ETag, ChecksumCRC32 } = got;
  return {
    bytes: Buffer.from(await Body!.transformToByteArray()).toString('hex'),
    headers: { ContentType, ContentEncoding, ContentDisposition, ContentLanguage, CacheControl },
    more: { ExpiresString, StorageClass, ETag, ChecksumCRC32 },
    metadata: Metadata,
  };
}

/** Does something between the HEAD and the copy. */
function inBetween(work: () => Promise<unknown>): S3Client {
  const { client } = harness;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context['commandName'] === CopyObjectCommand.name) await work();
      return next(args);
    },
    { step: 'initialize', name: 'inBetween' },
  );
  return client;
}

describe('touching an object', () => {
  it('has S3 announce it again, as a newer version', async () => {
    await put('a.json');
    expect(await touch('a.json')).toBe('touched');
    const [first, second] = harness.events.map(
      ({ detail }) => detail as { reason: string; object: Record<string, string> },
    );
    expect(second).toMatchObject({ reason: 'CopyObject', object: { key: 'a.json' } });
    expect(second!.object['etag']).toBe(first!.object['etag']);
    expect(second!.object['sequencer']! > first!.object['sequencer']!).toBe(true);
  });

  it('adds the mark to its metadata', async () => {
    await put('a.json', { Metadata: { till: '7' } });
    await touch('a.json');
    expect((await read('a.json')).metadata).toEqual({ till: '7', ...MARK });
  });

  it('keeps an Expires that is no date', async () => {
    await harness.send('PUT', `/${BUCKET}/a.json`, { expires: '0' }, 'rows');
    await touch('a.json');
    const head = new HeadObjectCommand({ Bucket: BUCKET, Key: 'a.json' });
    expect((await harness.client.send(head)).ExpiresString).toBe('0');
  });

  it.each(['a b.json', 'a+b.json', 'Käufe/東京 🛒.json', '100%25^?#.json', "it's (a) *~!.json"])(
    'works for the key %s',
    async (key) => {
      await put(key);
      expect(await touch(key)).toBe('touched');
    },
  );

  it('of which there is none says that it is gone', async () => {
    expect(await touch('missing.json')).toBe('gone');
  });

  it('that is deleted meanwhile says that it is gone', async () => {
    await put('a.json');
    const remove = new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a.json' });
    expect(
      await touch(
        'a.json',
        inBetween(() => harness.client.send(remove)),
      ),
    ).toBe('gone');
  });

  it('never overwrites a newer version that comes meanwhile', async () => {
    await put('a.json');
    const client = inBetween(() => put('a.json', { Body: 'newer', Metadata: { till: '8' } }));
    expect(await touch('a.json', client)).toBe('changed');
    const { bytes, metadata } = await read('a.json');
    expect({ bytes, metadata }).toEqual({
      bytes: Buffer.from('newer').toString('hex'),
      metadata: { till: '8' },
    });
  });

  it('asks of the target, too, that it is what was seen', async () => {
    await put('a.json');
    const sent: unknown[] = [];
    harness.client.middlewareStack.add(
      (next) => (args) => {
        sent.push((args.request as { headers: unknown }).headers);
        return next(args);
      },
      { step: 'finalizeRequest', name: 'record' },
    );
    await touch('a.json');
    const { ETag } = (await read('a.json')).more;
    expect(sent[1]).toMatchObject({ 'if-match': ETag, 'x-amz-copy-source-if-match': ETag });
  });

  it.each([
    ['is larger than one copy may be', { ContentLength: 6 * 1024 ** 3 }, /6442450944 bytes/],
    ['has metadata that S3 cannot tell', { MissingMeta: 2 }, /2 entries of user metadata/],
  ])('is refused where it %s', async (_name, told, reason) => {
    await put('a.json');
    // Neither can be had here: S3's answer is changed on its way.
    harness.client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        return { ...answer, output: { ...answer.output, ...told } };
      },
      { step: 'initialize', name: 'told' },
    );
    await expect(touch('a.json')).rejects.toMatchObject({
      code: 'UntouchableObjectError',
      message: expect.stringMatching(reason) as string,
    });
    expect((await read('a.json')).metadata).toEqual({});
  });

  it('is refused where its metadata has no room for the mark', async () => {
    const Metadata = { till: 'x'.repeat(2040) };
    await put('a.json', { Metadata });
    await expect(touch('a.json')).rejects.toMatchObject({
      code: 'UntouchableObjectError',
      message: expect.stringMatching(/the mark does not fit/) as string,
    });
    expect((await read('a.json')).metadata).toEqual(Metadata);
  });

  it('keeps the bytes and all that S3 tells of any object', async () => {
    // What a header can hold; S3 tells the rest of Unicode in another way.
    const value = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
    const maybe = fc.option(value, { nil: undefined });
    const input = fc.record({
      Body: fc.uint8Array({ maxLength: 200 }),
      ContentType: maybe,
      // The framing of a request, aws-chunked, is no property of the object.
      ContentEncoding: fc.constantFrom(undefined, 'gzip', 'br'),
      ContentDisposition: maybe,
      ContentLanguage: fc.constantFrom(undefined, 'de', 'en, fr'),
      CacheControl: maybe,
      Expires: fc.option(fc.date({ min: new Date(0), max: new Date(2e12), noInvalidDate: true }), {
        nil: undefined,
      }),
      StorageClass: fc.constantFrom(undefined, 'STANDARD_IA' as const, 'GLACIER_IR' as const),
      Metadata: fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,20}$/), value, { maxKeys: 5 }),
    });
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    let i = 0;
    await fc.assert(
      fc.asyncProperty(input, key, async (object, name) => {
        const Key = `${i++}/${name}`;
        await put(Key, { ...object, Body: Buffer.from(object.Body) });
        const before = await read(Key);
        expect(await touch(Key)).toBe('touched');
        const after = await read(Key);
        expect(after).toEqual({ ...before, metadata: { ...before.metadata, ...MARK } });
      }),
      { seed: 20260301, numRuns: 60 },
    );
  });
});
