import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { AwsError } from '../../src/core/aws-error';
import { BUCKET, closeAll, errorOf, openHarness } from './harness';

afterEach(closeAll);

describe('what is not emulated is said so', () => {
  it.each([
    ['GET', `/${BUCKET}?acl`, {}, '?acl'],
    ['PUT', `/${BUCKET}?notification`, {}, '?notification'],
    ['PUT', `/${BUCKET}/a?tagging`, {}, '?tagging'],
    ['GET', `/${BUCKET}/a?versionId=1`, {}, '?versionId'],
    ['GET', `/${BUCKET}/a?partNumber=1`, {}, '?partNumber'],
    ['POST', `/${BUCKET}/a?select&select-type=2`, {}, '?select&select-type'],
    ['PATCH', `/${BUCKET}/a`, {}, 'PATCH'],
    ['PUT', `/${BUCKET}/a`, { 'x-amz-tagging': 'a=b' }, 'x-amz-tagging'],
    ['PUT', `/${BUCKET}/a`, { 'x-amz-object-lock-mode': 'GOVERNANCE' }, 'x-amz-object-lock-mode'],
    ['PUT', `/${BUCKET}/a`, { 'x-amz-server-side-encryption': 'aws:kms' }, 'aws:kms'],
    ['PUT', `/${BUCKET}/a`, { 'x-amz-acl': 'public-read' }, 'public-read'],
    ['PUT', `/${BUCKET}/a`, { 'x-amz-storage-class': 'GLACIER' }, 'GLACIER'],
    [
      'PUT',
      `/${BUCKET}/a?partNumber=1&uploadId=1`,
      { 'x-amz-copy-source': 'a/b' },
      'x-amz-copy-source',
    ],
  ])('%s %s %j', async (method, path, headers, name) => {
    const { send } = await openHarness();
    const answer = await send(method, path, { 'content-length': 0, ...headers });
    expect(answer.status).toBe(501);
    expect(answer.body).toContain('<Code>NotImplemented</Code>');
    expect(answer.body.replaceAll('&#38;', '&')).toContain(name);
  });
});

describe('an error', () => {
  it('has the XML of S3', async () => {
    const { send } = await openHarness();
    const answer = await send('GET', `/${BUCKET}/a%26b`);
    expect(answer.headers['content-type']).toBe('application/xml');
    expect(answer.body).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>` +
        `<Message>The specified key does not exist.</Message><Resource>/${BUCKET}/a%26b</Resource>` +
        `<Key>a&#38;b</Key>` +
        `<RequestId>${String(answer.headers['x-amz-request-id'])}</RequestId></Error>`,
    );
  });

  it('of a HEAD has no body', async () => {
    const { send } = await openHarness();
    expect(await send('HEAD', `/${BUCKET}/missing`)).toMatchObject({ status: 404, body: '' });
  });

  it.each(['/sales/%zz', '/sales/%ff'])('is the answer to the path %s', async (path) => {
    const { send } = await openHarness();
    const answer = await send('GET', path);
    expect(answer.body).toContain('<Code>InvalidURI</Code>');
  });

  it('is the answer to another owner being expected', async () => {
    const { client } = await openHarness();
    const ExpectedBucketOwner = '999999999999';
    const command = new ListObjectsV2Command({ Bucket: BUCKET, ExpectedBucketOwner });
    expect(await errorOf(client.send(command))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
    });
  });
});

describe('the bucket', () => {
  it.each([
    ['in the path', '127.0.0.1:4566', `/${BUCKET}/dir/a`],
    ['in the host name', `${BUCKET}.localhost:4566`, '/dir/a'],
    ['before the address', `${BUCKET}.127.0.0.1`, '/dir/a'],
  ])('is found %s', async (_where, host, path) => {
    const { client, send } = await openHarness();
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'dir/a', Body: 'hello' }));
    expect(await send('GET', path, { host })).toMatchObject({ status: 200, body: 'hello' });
  });
});

describe('a presigned URL', () => {
  it('carries the headers of the request in its query', async () => {
    const { client, send } = await openHarness();
    const signature = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=ab&X-Amz-Expires=60';
    const path = `/${BUCKET}/a?${signature}&x-id=PutObject&x-amz-meta-from=till`;
    expect(await send('PUT', path, {}, 'hello')).toMatchObject({ status: 200 });
    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    expect(got.Metadata).toEqual({ from: 'till' });
    const unknown = await send('PUT', `${path}&x-amz-tagging=a`, {}, 'hello');
    expect(unknown.body).toContain('<Code>NotImplemented</Code>');
  });
});

describe('authorization', () => {
  const denying =
    (...denied: string[]) =>
    (_accessKeyId: string | undefined, action: string): void => {
      if (denied.includes(action)) throw new AwsError('AccessDenied', `May not ${action}.`);
    };

  it.each([
    ['PUT', `/${BUCKET}/a`, {}, ['s3:PutObject sales/a']],
    ['PUT', `/${BUCKET}/a`, { 'if-match': 'x' }, ['s3:PutObject sales/a', 's3:GetObject sales/a']],
    ['GET', `/${BUCKET}/a`, {}, ['s3:GetObject sales/a', 's3:ListBucket sales']],
    ['HEAD', `/${BUCKET}/a`, {}, ['s3:GetObject sales/a', 's3:ListBucket sales']],
    ['DELETE', `/${BUCKET}/a`, {}, ['s3:DeleteObject sales/a']],
    [
      'PUT',
      `/${BUCKET}/a`,
      { 'x-amz-copy-source': `${BUCKET}/b` },
      ['s3:PutObject sales/a', 's3:GetObject sales/b', 's3:ListBucket sales'],
    ],
    ['POST', `/${BUCKET}/a?uploads`, {}, ['s3:PutObject sales/a']],
    ['PUT', `/${BUCKET}/a?uploadId=1&partNumber=1`, {}, ['s3:PutObject sales/a']],
    ['POST', `/${BUCKET}/a?uploadId=1`, {}, ['s3:PutObject sales/a']],
    ['DELETE', `/${BUCKET}/a?uploadId=1`, {}, ['s3:AbortMultipartUpload sales/a']],
    ['GET', `/${BUCKET}/a?uploadId=1`, {}, ['s3:ListMultipartUploadParts sales/a']],
    ['GET', `/${BUCKET}?uploads`, {}, ['s3:ListBucketMultipartUploads sales']],
    ['GET', `/${BUCKET}?list-type=2`, {}, ['s3:ListBucket sales']],
    ['GET', `/${BUCKET}`, {}, ['s3:ListBucket sales']],
    ['HEAD', `/${BUCKET}`, {}, ['s3:ListBucket sales']],
    ['GET', `/${BUCKET}?location`, {}, ['s3:GetBucketLocation sales']],
    ['DELETE', `/${BUCKET}`, {}, ['s3:DeleteBucket sales']],
    ['PUT', '/another', {}, ['s3:CreateBucket another']],
    ['GET', '/', {}, ['s3:ListAllMyBuckets *']],
  ])('%s %s %j asks for %j', async (method, path, headers, expected) => {
    const asked: string[] = [];
    const { send } = await openHarness({
      authorize: (accessKeyId, action, arn) => {
        expect(accessKeyId).toBe('AKIAFN');
        asked.push(`${action} ${arn.replace('arn:aws:s3:::', '')}`);
      },
    });
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIAFN/20260102/eu-central-1/s3/aws4_request';
    await send(method, path, { authorization, 'content-length': 0, ...headers });
    expect(asked).toEqual(expected);
  });

  it('asks for s3:DeleteObject on each of many objects, and tells which were denied', async () => {
    const { send } = await openHarness({
      authorize: (_key, _action, arn) => {
        if (arn.endsWith('/b')) throw new AwsError('AccessDenied', 'No.');
      },
    });
    const body = '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>';
    const answer = await send('POST', `/${BUCKET}?delete`, {}, body);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<Deleted><Key>a</Key></Deleted>');
    expect(answer.body).toContain('<Error><Key>b</Key><Code>AccessDenied</Code>');
  });

  it('that is denied is answered 403 and nothing is written', async () => {
    const { client, events } = await openHarness({ authorize: denying('s3:PutObject') });
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x' });
    expect(await errorOf(client.send(put))).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(events).toEqual([]);
  });

  it('hides that a key is missing from those who may not list', async () => {
    const { client } = await openHarness({ authorize: denying('s3:ListBucket') });
    const get = new GetObjectCommand({ Bucket: BUCKET, Key: 'missing' });
    expect(await errorOf(client.send(get))).toMatchObject({ name: 'AccessDenied', status: 403 });
  });
});
