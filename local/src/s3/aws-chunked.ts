import { s3Error } from './s3-error';

// A size, a signature of 64 digits and their names fit many times over.
const LONGEST_LINE = 4096;

/**
 * Strips the `aws-chunked` framing off a body: chunks of `<hex size>[;chunk-signature=…]`, the
 * data, and after the empty chunk perhaps trailers, which are put into `trailers` by their lower
 * case names. Signatures are not checked, as none are by the local AWS. Throws IncompleteBody
 * where the body ends early, InvalidRequest where the framing is broken.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  let expecting: 'size' | 'data' | 'end of data' | 'trailer' | 'nothing' = 'size';
  let missing = 0;
  let rest: Buffer = Buffer.alloc(0);

  for await (const received of source) {
    let buffer = rest.length > 0 ? Buffer.concat([rest, received]) : received;
    while (buffer.length > 0) {
      if (expecting === 'data') {
        const data = buffer.subarray(0, missing);
        buffer = buffer.subarray(data.length);
        missing -= data.length;
        if (missing === 0) expecting = 'end of data';
        yield data;
        continue;
      }
      const end = buffer.indexOf('\r\n');
      if (end < 0 && buffer.length <= LONGEST_LINE) break;
      if (end < 0) throw broken(`a line of more than ${LONGEST_LINE} bytes`);
      const line = buffer.toString('latin1', 0, end);
      buffer = buffer.subarray(end + 2);
      switch (expecting) {
        case 'size':
          missing = sizeOf(line);
          expecting = missing > 0 ? 'data' : 'trailer';
          break;
        case 'end of data':
          if (line !== '') throw broken('a chunk longer than its size');
          expecting = 'size';
          break;
        case 'trailer':
          if (line === '') expecting = 'nothing';
          else putTrailer(line, trailers);
          break;
        case 'nothing':
          throw broken('bytes after the last trailer');
      }
    }
    rest = buffer;
  }
  // The JavaScript SDK leaves out the last empty line where it sends no trailers.
  const complete = expecting === 'nothing' || (expecting === 'trailer' && rest.length === 0);
  if (!complete) throw s3Error('IncompleteBody', 'The aws-chunked body ended within a chunk.');
}

function sizeOf(line: string): number {
  const size = /^([0-9a-f]{1,12})(;|$)/i.exec(line)?.[1];
  if (size === undefined) throw broken('a chunk that begins without its size');
  return parseInt(size, 16);
}

function putTrailer(line: string, trailers: Map<string, string>): void {
  const colon = line.indexOf(':');
  if (colon < 0) throw s3Error('MalformedTrailerError');
  trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
}

function broken(what: string) {
  return s3Error('InvalidRequest', `The aws-chunked body has ${what}.`);
}
