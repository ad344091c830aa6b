import { listPage, pageElements, parseListQuery } from '../list-page';
import { enterBucket, tell, type Operation } from '../operation';
import { answerXml } from '../xml';

/** The first version. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export const listObjects: Operation = {
  name: 'ListObjects',
  queries: ['prefix', 'delimiter', 'max-keys', 'marker', 'encoding-type'],
  async handle(request, response, services) {
    enterBucket(services, request, 's3:ListBucket');
    const query = parseListQuery(request);
    const marker = request.query('marker') ?? '';
    const page = await listPage(services, request.bucket, query, marker);
    const { encode } = query;
    answerXml(response, 200, 'ListBucketResult', {
      Name: request.bucket,
      Prefix: encode(query.prefix),
      Marker: encode(marker),
      // Without a delimiter the last key is the marker for the next page.
      NextMarker:
        page.isTruncated && query.delimiter !== '' && page.last !== undefined
          ? encode(page.last)
          : undefined,
      Delimiter: query.delimiter === '' ? undefined : encode(query.delimiter),
      MaxKeys: query.maxKeys,
      EncodingType: request.query('encoding-type'),
      IsTruncated: page.isTruncated,
      ...pageElements(page, encode, { ID: services.context.accountId }),
    });
    tell(services, 'debug', 'objects listed', request, `${page.items.length} items`);
  },
};
