import { closeSync, createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { byteRange } from '../byte-range';
import { isWanted } from '../conditions';
import { answeredChecksum, answeredHeaders, OVERRIDE_QUERIES } from '../object-headers';
import { enterObject, humanSize, noSuchKey, tell, type Operation } from '../operation';

const CHUNK = 256 * 1024;
const HUNG_UP = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: Operation = {
  name: 'GetObject',
  headers: ['x-amz-checksum-mode'],
  queries: OVERRIDE_QUERIES,
  async handle(request, response, services) {
    enterObject(services, request, 's3:GetObject');
    const object = await services.objects.open(request);
    if (!object) throw noSuchKey(services, request);
    const { fd, record } = object;
    let streaming = false;
    try {
      const headers = answeredHeaders(request, record);
      if (!isWanted(request, record)) {
        response.writeHead(304, { etag: headers.etag, 'last-modified': headers['last-modified'] });
        response.end();
        return;
      }
      const range = byteRange(request.header('range'), record.size);
      const { first, last } = range ?? { first: 0, last: record.size - 1 };
      const length = last - first + 1;
      response.writeHead(range ? 206 : 200, {
        ...headers,
        ...(range
          ? { 'content-range': `bytes ${first}-${last}/${record.size}` }
          : answeredChecksum(request, record)),
        'content-length': length,
      });
      tell(services, 'debug', 'object read', request, humanSize(length));
      if (length === 0) response.end();
      else {
        streaming = true;
        await send(fd, first, last, response);
      }
    } finally {
      if (!streaming) closeSync(fd);
    }
  },
};

/** Sends bytes of a file and closes it. */
async function send(
  fd: number,
  first: number,
  last: number,
  response: ServerResponse,
): Promise<void> {
  try {
    await pipeline(
      createReadStream('', { fd, start: first, end: last, highWaterMark: CHUNK }),
      response,
    );
  } catch (error) {
    // A client may hang up on what it asked for. Anything else has cut the answer short: the
    // pipeline has destroyed the connection, so that the client does not wait for the rest.
    if (!HUNG_UP.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
