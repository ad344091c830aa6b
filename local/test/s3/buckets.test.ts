import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { BUCKET, closeAll, errorOf, openHarness, START } from './harness';

afterEach(closeAll);

describe('buckets', () => {
  it('are created, listed and deleted', async () => {
    const { client, s3 } = await openHarness();
    const { Location } = await client.send(
      new CreateBucketCommand({
        Bucket: 'curated',
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    );
    expect(Location).toBe('/curated');
    const { Buckets } = await client.send(new ListBucketsCommand());
    expect(Buckets?.map(({ Name, CreationDate }) => [Name, CreationDate?.getTime()])).toEqual([
      ['curated', START],
      [BUCKET, START],
    ]);
    expect(s3.buckets()).toEqual([
      { name: 'curated', eventBridge: false },
      { name: BUCKET, eventBridge: true },
    ]);
    await client.send(new DeleteBucketCommand({ Bucket: 'curated' }));
    const error = await errorOf(client.send(new HeadBucketCommand({ Bucket: 'curated' })));
    expect(error.status).toBe(404);
    expect(existsSync(s3.bucketFolder('curated'))).toBe(false);
  });

  it('answer their region', async () => {
    const { client } = await openHarness();
    const location = await client.send(new GetBucketLocationCommand({ Bucket: BUCKET }));
    expect(location.LocationConstraint).toBe('eu-central-1');
    const head = await client.send(new HeadBucketCommand({ Bucket: BUCKET }));
    expect(head.BucketRegion).toBe('eu-central-1');
  });

  it('answer no region in us-east-1', async () => {
    const { client } = await openHarness({ region: 'us-east-1' });
    const location = await client.send(new GetBucketLocationCommand({ Bucket: BUCKET }));
    expect(location.LocationConstraint ?? '').toBe('');
  });

  it('cannot be created twice', async () => {
    const { client } = await openHarness();
    const error = await errorOf(client.send(new CreateBucketCommand({ Bucket: BUCKET })));
    expect(error).toMatchObject({ name: 'BucketAlreadyOwnedByYou', status: 409 });
  });

  it('cannot be created in another region', async () => {
    const { client } = await openHarness();
    const command = new CreateBucketCommand({
      Bucket: 'elsewhere',
      CreateBucketConfiguration: { LocationConstraint: 'us-west-2' },
    });
    expect((await errorOf(client.send(command))).name).toBe('IllegalLocationConstraintException');
  });

  it.each(['ab', 'Upper', 'a..b', '1.2.3.4', '-a-', 'under_score'])(
    'cannot be named %s',
    async (name) => {
      const { send } = await openHarness();
      const answer = await send('PUT', `/${name}`);
      expect(answer.status).toBe(400);
      expect(answer.body).toContain('<Code>InvalidBucketName</Code>');
    },
  );

  it('are deleted only when they are empty, of files that are no objects too', async () => {
    const { client, s3 } = await openHarness();
    const remove = () => client.send(new DeleteBucketCommand({ Bucket: BUCKET }));
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a/b', Body: 'x' }));
    expect(await errorOf(remove())).toMatchObject({ name: 'BucketNotEmpty', status: 409 });
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a/b' }));
    writeFileSync(join(s3.bucketFolder(BUCKET), 'half.tmp'), '');
    expect(await errorOf(remove())).toMatchObject({ name: 'BucketNotEmpty' });
  });

  it('take their uploads in progress with them', async () => {
    const { client, s3 } = await openHarness();
    await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'a' }));
    await client.send(new DeleteBucketCommand({ Bucket: BUCKET }));
    expect(s3.buckets()).toEqual([]);
  });

  it('keep their objects and their age when they are configured anew', async () => {
    const { client, clock, s3 } = await openHarness();
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x' }));
    clock.advance(60_000);
    s3.createBucket({ name: BUCKET, eventBridge: false });
    expect(s3.buckets()).toEqual([{ name: BUCKET, eventBridge: false }]);
    const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(KeyCount).toBe(1);
    const { Buckets } = await client.send(new ListBucketsCommand());
    expect(Buckets?.[0]?.CreationDate?.getTime()).toBe(START);
  });

  it.each([
    ['GetObject', new GetObjectCommand({ Bucket: 'missing', Key: 'a' })],
    ['PutObject', new PutObjectCommand({ Bucket: 'missing', Key: 'a', Body: 'x' })],
    ['ListObjectsV2', new ListObjectsV2Command({ Bucket: 'missing' })],
  ])('that do not exist are said not to, by %s', async (_name, command) => {
    const { client } = await openHarness();
    const error = await errorOf(client.send(command as GetObjectCommand));
    expect(error).toMatchObject({ name: 'NoSuchBucket', status: 404 });
  });
});
