import { GetObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { footerRows } from '../parquet/footer-rows';
import { SaleslakeError } from '../runtime/errors';
import { parseQuarantineKey } from './quarantine';

/** An output is not there, or cannot be one. */
export class OutputError extends SaleslakeError {
  constructor(problem: string) {
    super('OutputError', problem);
  }
}

/** Holds the footer of most files, so that one request is enough. */
const TAIL_BYTES = 64 << 10;
/** What may be held in memory of one file; a footer of this size has thousands of row groups. */
const LARGEST_TAIL_BYTES = 16 << 20;

const NEWLINE = '\n'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);

/**
 * How many rows an output in the curated bucket really has, whatever its manifest says: a Parquet
 * file's by its footer, of which the last bytes are read; a quarantine file's by its lines.
 * @throws OutputError where it is not there, and SaleslakeError where it is not what its key says.
 */
export async function outputRows(s3: S3Client, bucket: string, key: string): Promise<number> {
  return parseQuarantineKey(key)
    ? countLines(await read(s3, bucket, key))
    : parquetRows(s3, bucket, key);
}

async function parquetRows(s3: S3Client, bucket: string, key: string): Promise<number> {
  for (let bytes = TAIL_BYTES; ;) {
    const tail: Uint8Array[] = [];
    for await (const chunk of await read(s3, bucket, key, `bytes=-${bytes}`)) tail.push(chunk);
    const found = footerRows(Buffer.concat(tail));
    if ('rows' in found) return found.rows;
    // Also where the file has not that many bytes, which then are asked for in vain.
    if (found.needed <= bytes || found.needed > LARGEST_TAIL_BYTES) {
      throw new OutputError(`Its footer would have ${found.needed} bytes.`);
    }
    bytes = found.needed;
  }
}

/** Lines that have an end and are not blank. */
async function countLines(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let lines = 0;
  let blank = true;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const end = chunk.indexOf(NEWLINE, at);
      const stop = end < 0 ? chunk.length : end;
      // A record begins its line: the rest of that need not be looked at.
      while (blank && at < stop) blank = chunk[at++]! <= SPACE;
      if (end < 0) break;
      if (!blank) lines++;
      blank = true;
      at = end + 1;
    }
  }
  return lines;
}

async function read(
  s3: S3Client,
  Bucket: string,
  Key: string,
  Range?: string,
): Promise<AsyncIterable<Uint8Array>> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range }));
    // In Node.js it is always a Readable.
    return Body as AsyncIterable<Uint8Array> & typeof Body;
  } catch (error) {
    if (error instanceof S3ServiceException) {
      if (error.name === 'NoSuchKey') throw new OutputError('It is not there.');
      if (error.name === 'InvalidRange') throw new OutputError('It is empty.');
    }
    throw error;
  }
}
