import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { ManualClock } from '../../src/core/clock';
import type { AwsEvent } from '../../src/core/event';
import { BUCKET, closeAll, errorOf, openHarness, START, type Harness } from './harness';

afterEach(closeAll);

function put({ client }: Harness, Key: string, Body = 'hello') {
  return client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
}

function remove({ client }: Harness, Key: string) {
  return client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
}

function sequencerOf(event: AwsEvent | undefined): string {
  return (event?.detail['object'] as { sequencer: string }).sequencer;
}

function outbox({ stateDir }: Harness): string[] {
  return readdirSync(join(stateDir, 's3-outbox'));
}

describe('the event of an object', () => {
  it('that was created has the form of S3', async () => {
    const harness = await openHarness();
    await put(harness, 'raw/a b+ü.json');
    const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
    expect(harness.events).toEqual([
      {
        version: '0',
        id: uuid,
        'detail-type': 'Object Created',
        source: 'aws.s3',
        account: '123456789012',
        time: '2026-01-02T03:04:05Z',
        region: 'eu-central-1',
        resources: [`arn:aws:s3:::${BUCKET}`],
        detail: {
          version: '0',
          bucket: { name: BUCKET },
          object: {
            key: 'raw/a b+ü.json',
            size: 5,
            etag: '5d41402abc4b2a76b9719d911017c592',
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/) as string,
          },
          'request-id': uuid,
          requester: '123456789012',
          'source-ip-address': '127.0.0.1',
          reason: 'PutObject',
        },
      },
    ]);
  });

  it('that was deleted has the form of S3', async () => {
    const harness = await openHarness();
    await put(harness, 'a');
    await remove(harness, 'a');
    expect(harness.events[1]).toMatchObject({
      'detail-type': 'Object Deleted',
      detail: {
        object: { key: 'a', sequencer: expect.any(String) as string },
        reason: 'DeleteObject',
        'deletion-type': 'Permanently Deleted',
      },
    });
  });

  it('names the operation', async () => {
    const harness = await openHarness();
    const { client, events } = harness;
    await put(harness, 'a');
    await client.send(
      new CopyObjectCommand({ Bucket: BUCKET, Key: 'b', CopySource: `${BUCKET}/a` }),
    );
    const target = { Bucket: BUCKET, Key: 'c' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const part = { ...target, UploadId, PartNumber: 1, Body: 'part' };
    const { ETag } = await client.send(new UploadPartCommand(part));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    const Objects = [{ Key: 'a' }, { Key: 'missing' }, { Key: 'b' }];
    await client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    const seen = events.map(({ detail }) => [
      detail['reason'],
      (detail['object'] as { key: string }).key,
    ]);
    expect(seen).toEqual([
      ['PutObject', 'a'],
      ['CopyObject', 'b'],
      ['CompleteMultipartUpload', 'c'],
      ['DeleteObject', 'a'],
      ['DeleteObject', 'b'],
    ]);
    expect(outbox(harness)).toEqual([]);
  });

  it('is published after the object can be read and before the answer', async () => {
    const seen: string[] = [];
    const harness = await openHarness({
      publish: () => seen.push(readFileSync(join(harness.s3.bucketFolder(BUCKET), 'a'), 'utf8')),
    });
    await put(harness, 'a', 'content');
    expect(seen).toEqual(['content']);
  });

  it('is not published for a write that was refused', async () => {
    const harness = await openHarness();
    const input = { Bucket: BUCKET, Key: 'a', Body: 'x', ChecksumCRC32: 'AAAAAA==' };
    await errorOf(harness.client.send(new PutObjectCommand(input)));
    await remove(harness, 'missing');
    expect(harness.events).toEqual([]);
  });

  it('is not published where the bucket has EventBridge off', async () => {
    const harness = await openHarness();
    harness.s3.createBucket({ name: BUCKET, eventBridge: false });
    await put(harness, 'a');
    await remove(harness, 'a');
    expect(harness.events).toEqual([]);
  });

  it('has a sequencer that grows, over restarts and with a clock set back', async () => {
    const first = await openHarness();
    await put(first, 'a');
    await remove(first, 'a');
    await put(first, 'a');
    const second = await openHarness({
      stateDir: first.stateDir,
      clock: new ManualClock(START - 1e9),
    });
    await put(second, 'a');
    const sequencers = [...first.events, ...second.events].map(sequencerOf);
    expect(new Set(sequencers).size).toBe(4);
    expect([...sequencers].sort()).toEqual(sequencers);
  });
});

describe('where publishing fails', () => {
  it('the write is answered as a fault and its event is published at the next start', async () => {
    let works = false;
    const failing = await openHarness({
      publish: () => {
        if (!works) throw new Error('the disk is full');
      },
    });
    expect((await errorOf(put(failing, 'a'))).status).toBe(500);
    expect(failing.faults).toEqual([new Error('the disk is full')]);
    works = true;
    // The event is owed, though the object is another by now.
    await put(failing, 'a', 'later');

    const restarted = await openHarness({ stateDir: failing.stateDir });
    expect(restarted.events).toMatchObject([{ detail: { object: { key: 'a', size: 5 } } }]);
    expect(outbox(restarted)).toEqual([]);
  });
});

/**
 * A kill can fall between any two file operations of a write. Each test puts files of an earlier
 * moment back after a finished write, to have on the disk what a kill at that moment leaves.
 */
describe('after a kill', () => {
  const file = (harness: Harness, folder: string): string => {
    const [name] = readdirSync(join(harness.stateDir, folder), { recursive: true })
      .map(String)
      .filter((each) => each.endsWith('.json'));
    return join(harness.stateDir, folder, name ?? '');
  };

  /** Puts an object and keeps what the outbox held while it was published. */
  async function putKeepingOutbox(): Promise<{ harness: Harness; restore: () => void }> {
    let kept: { path: string; text: string } | undefined;
    const harness = await openHarness({
      publish: () => {
        const path = file(harness, 's3-outbox');
        kept = { path, text: readFileSync(path, 'utf8') };
      },
    });
    await put(harness, 'a');
    return { harness, restore: () => kept && writeFileSync(kept.path, kept.text) };
  }

  async function contentOf(harness: Harness) {
    const got = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    return { body: await got.Body?.transformToString(), type: got.ContentType, etag: got.ETag };
  }

  it('between the rename and the publishing, the event is published', async () => {
    const { harness, restore } = await putKeepingOutbox();
    restore();
    const restarted = await openHarness({ stateDir: harness.stateDir });
    expect(restarted.events).toMatchObject([
      { 'detail-type': 'Object Created', detail: { object: { key: 'a', size: 5 } } },
    ]);
    expect(outbox(restarted)).toEqual([]);
  });

  it('between the outbox and the rename of a new object, nothing was created', async () => {
    const { harness, restore } = await putKeepingOutbox();
    restore();
    rmSync(join(harness.s3.bucketFolder(BUCKET), 'a'));
    const restarted = await openHarness({ stateDir: harness.stateDir });
    expect(restarted.events).toEqual([]);
    expect(outbox(restarted)).toEqual([]);
    expect(await errorOf(contentOf(restarted))).toMatchObject({ name: 'NoSuchKey' });
  });

  it('between the record and the rename, the old object is whole with its old record', async () => {
    const harness = await openHarness();
    const input = { Bucket: BUCKET, Key: 'a', Body: 'old', ContentType: 'text/old' };
    await harness.client.send(new PutObjectCommand(input));
    const old = await contentOf(harness);
    const object = join(harness.s3.bucketFolder(BUCKET), 'a');
    const aside = join(harness.stateDir, 'aside');
    linkSync(object, aside);
    const next = { ...input, Body: 'new', ContentType: 'text/new' };
    await harness.client.send(new PutObjectCommand(next));
    expect(await contentOf(harness)).toMatchObject({ body: 'new', type: 'text/new' });
    // The very file of before, beside the record of after.
    renameSync(aside, object);
    const restarted = await openHarness({ stateDir: harness.stateDir });
    expect(await contentOf(restarted)).toEqual(old);
    // And a write over it leaves nothing of the one that was cut short.
    await restarted.client.send(new PutObjectCommand({ ...input, Body: 'third' }));
    expect(await contentOf(restarted)).toMatchObject({ body: 'third', type: 'text/old' });
  });

  it('in the middle of an upload, its file is cleared away', async () => {
    const harness = await openHarness();
    await put(harness, 'a');
    writeFileSync(join(harness.stateDir, 's3-tmp', '999-1'), 'half');
    const restarted = await openHarness({ stateDir: harness.stateDir });
    expect(readdirSync(restarted.stateDir)).not.toContain('s3-tmp');
    expect(await contentOf(restarted)).toMatchObject({ body: 'hello' });
  });

  it('between the removal of an object and its publishing, the event is published', async () => {
    let kept: { path: string; text: string } | undefined;
    const harness = await openHarness({
      publish: (event) => {
        if (event['detail-type'] !== 'Object Deleted') return;
        const path = file(harness, 's3-outbox');
        kept = { path, text: readFileSync(path, 'utf8') };
      },
    });
    await put(harness, 'a');
    await remove(harness, 'a');
    if (kept) writeFileSync(kept.path, kept.text);
    const restarted = await openHarness({ stateDir: harness.stateDir });
    expect(restarted.events.map((event) => event['detail-type'])).toEqual(['Object Deleted']);
  });
});
