import { listPage, pageElements, parseListQuery } from '../list-page';
import { enterBucket, tell, type Operation } from '../operation';
import { s3Error } from '../s3-error';
import { answerXml } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: Operation = {
  name: 'ListObjectsV2',
  queries: [
    'prefix',
    'delimiter',
    'max-keys',
    'continuation-token',
    'start-after',
    'encoding-type',
    'fetch-owner',
  ],
  async handle(request, response, services) {
    enterBucket(services, request, 's3:ListBucket');
    if (request.query('list-type') !== '2') {
      throw s3Error('InvalidArgument', 'list-type must be 2.', { ArgumentName: 'list-type' });
    }
    const query = parseListQuery(request);
    const token = request.query('continuation-token');
    const startAfter = request.query('start-after');
    const after = token === undefined ? (startAfter ?? '') : readToken(token);
    const page = await listPage(services, request.bucket, query, after);
    const owner =
      request.query('fetch-owner') === 'true' ? { ID: services.context.accountId } : undefined;
    const { encode } = query;
    answerXml(response, 200, 'ListBucketResult', {
      Name: request.bucket,
      Prefix: encode(query.prefix),
      Delimiter: query.delimiter === '' ? undefined : encode(query.delimiter),
      MaxKeys: query.maxKeys,
      EncodingType: request.query('encoding-type'),
      KeyCount: page.items.length,
      IsTruncated: page.isTruncated,
      ContinuationToken: token,
      NextContinuationToken:
        page.isTruncated && page.last !== undefined ? writeToken(page.last) : undefined,
      StartAfter: startAfter === undefined ? undefined : encode(startAfter),
      ...pageElements(page, encode, owner),
    });
    tell(services, 'debug', 'objects listed', request, `${page.items.length} items`);
  },
};

// Clients are told nothing of what a token holds, so any form will do.
function writeToken(last: string): string {
  return Buffer.from(last).toString('base64url');
}

function readToken(token: string): string {
  const last = Buffer.from(token, 'base64url').toString('utf8');
  if (last !== '' && writeToken(last) === token) return last;
  throw s3Error('InvalidArgument', 'The continuation token provided is incorrect.', {
    ArgumentName: 'continuation-token',
    ArgumentValue: token,
  });
}
