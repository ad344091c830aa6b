import { byteRange } from '../byte-range';
import { isWanted } from '../conditions';
import { answeredChecksum, answeredHeaders, OVERRIDE_QUERIES } from '../object-headers';
import { enterObject, noSuchKey, tell, type Operation } from '../operation';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const headObject: Operation = {
  name: 'HeadObject',
  headers: ['x-amz-checksum-mode'],
  queries: OVERRIDE_QUERIES,
  async handle(request, response, services) {
    enterObject(services, request, 's3:GetObject');
    const record = await services.objects.find(request);
    if (!record) throw noSuchKey(services, request);
    const headers = answeredHeaders(request, record);
    if (!isWanted(request, record)) {
      response.writeHead(304, { etag: headers.etag, 'last-modified': headers['last-modified'] });
      response.end();
      return;
    }
    const range = byteRange(request.header('range'), record.size);
    response.writeHead(range ? 206 : 200, {
      ...headers,
      ...(range
        ? { 'content-range': `bytes ${range.first}-${range.last}/${record.size}` }
        : answeredChecksum(request, record)),
      'content-length': range ? range.last - range.first + 1 : record.size,
    });
    response.end();
    tell(services, 'debug', 'object looked up', request);
  },
};
