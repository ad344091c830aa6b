import { createHash, type Hash } from 'node:crypto';
import { decodeAwsChunked } from './aws-chunked';
import {
  CHECKSUM_ALGORITHMS,
  checksumHeader,
  digesting,
  parseAlgorithm,
  startChecksum,
  type Checksum,
  type ChecksumAlgorithm,
  type Digest,
} from './checksum';
import { s3Error } from './s3-error';
import type { S3Request } from './s3-request';

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const LARGEST_PUT = 5 * 1024 ** 3;
const LARGEST_XML = 4 * 1024 ** 2;

/** A body on its way in. */
export interface RequestBody {
  /**
   * The bytes without any framing. They end by throwing where length or digests are not what the
   * request said: IncompleteBody, BadDigest, XAmzContentSHA256Mismatch, MalformedTrailerError.
   */
  chunks: AsyncIterable<Buffer>;
  /** The algorithm that the client chose for its additional checksum. */
  algorithm: ChecksumAlgorithm | undefined;
  /** The bytes' own MD5 and checksum; known once `chunks` has ended. */
  digests(): { md5: Buffer; checksum: Checksum | undefined };
}

/**
 * Opens a request's body for reading. `compute` is the checksum wanted where the client sends
 * none. Throws MissingContentLength, EntityTooLarge, InvalidDigest and InvalidRequest on headers
 * that announce no readable body.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function openBody(request: S3Request, compute?: ChecksumAlgorithm): RequestBody {
  const expected = expectations(request);
  const algorithm = expected.algorithm ?? compute;
  const md5 = createHash('md5');
  const sha256 = expected.sha256 === undefined ? undefined : createHash('sha256');
  const running = algorithm && startChecksum(algorithm);
  const trailers = new Map<string, string>();
  let result: ReturnType<RequestBody['digests']> | undefined;

  async function* chunks(): AsyncGenerator<Buffer> {
    const raw = receivedChunks(request);
    const plain = expected.framed ? decodeAwsChunked(raw, trailers) : raw;
    const digests: Digest[] = [md5, sha256, running].filter((digest) => digest !== undefined);
    let size = 0;
    for await (const chunk of digesting(plain, digests)) {
      size += chunk.length;
      if (size > expected.size) break;
      yield chunk;
    }
    if (size !== expected.size) {
      const message = `The request announced ${expected.size} bytes and its body has ${size > expected.size ? 'more' : size}.`;
      throw s3Error('IncompleteBody', message);
    }
    result = check(expected, trailers, { md5, sha256, algorithm, running });
  }

  return {
    chunks: chunks(),
    algorithm: expected.algorithm,
    digests() {
      if (!result) throw new Error('The digests of a body are known only once it was read.');
      return result;
    },
  };
}

/** The whole of a small body, verified. Throws EntityTooLarge beyond 4 MiB. */
export async function readXmlBody(request: S3Request): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of openBody(request).chunks) {
    size += chunk.length;
    if (size > LARGEST_XML) throw s3Error('EntityTooLarge', 'The XML is larger than 4 MiB.');
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

interface Expectations {
  size: number;
  framed: boolean;
  md5: Buffer | undefined;
  sha256: string | undefined;
  algorithm: ChecksumAlgorithm | undefined;
  /** Undefined where it comes in a trailer. */
  checksum: string | undefined;
}

function expectations(request: S3Request): Expectations {
  const contentSha256 = request.header('x-amz-content-sha256') ?? '';
  const framed =
    contentSha256.startsWith('STREAMING-') ||
    /\baws-chunked\b/.test(request.header('content-encoding') ?? '');
  return {
    size: announcedSize(request, framed),
    framed,
    md5: contentMd5(request),
    sha256: /^[0-9a-f]{64}$/.test(contentSha256) ? contentSha256 : undefined,
    ...expectedChecksum(request),
  };
}

function announcedSize(request: S3Request, framed: boolean): number {
  const name = framed ? 'x-amz-decoded-content-length' : 'content-length';
  // Without a length and without a transfer encoding, HTTP has no body.
  const none = framed || request.header('transfer-encoding') !== undefined ? '' : '0';
  const text = request.header(name) ?? none;
  if (!/^\d+$/.test(text)) {
    throw s3Error('MissingContentLength', `You must provide the ${name} HTTP header.`);
  }
  const size = Number(text);
  if (size > LARGEST_PUT) {
    const details = { ProposedSize: text, MaxSizeAllowed: String(LARGEST_PUT) };
    throw s3Error('EntityTooLarge', undefined, details);
  }
  return size;
}

function contentMd5(request: S3Request): Buffer | undefined {
  const text = request.header('content-md5');
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 16) throw s3Error('InvalidDigest');
  return bytes;
}

function expectedChecksum(request: S3Request): Pick<Expectations, 'algorithm' | 'checksum'> {
  const sent = CHECKSUM_ALGORITHMS.filter((each) => request.header(checksumHeader(each)));
  const trailer = CHECKSUM_ALGORITHMS.find(
    (each) => checksumHeader(each) === request.header('x-amz-trailer')?.trim().toLowerCase(),
  );
  if (sent.length + (trailer ? 1 : 0) > 1) {
    throw s3Error('InvalidRequest', 'Expecting a single x-amz-checksum- header or trailer.');
  }
  const algorithm = sent[0] ?? trailer;
  const named = request.header('x-amz-sdk-checksum-algorithm');
  if (named !== undefined && parseAlgorithm(named) !== algorithm) {
    throw s3Error(
      'InvalidRequest',
      `x-amz-sdk-checksum-algorithm names ${named}, but the request has no such checksum in an x-amz-checksum- header or trailer.`,
    );
  }
  return { algorithm, checksum: sent[0] && request.header(checksumHeader(sent[0])) };
}

function check(
  expected: Expectations,
  trailers: Map<string, string>,
  computed: {
    md5: Hash;
    sha256: Hash | undefined;
    algorithm: ChecksumAlgorithm | undefined;
    running: Digest | undefined;
  },
): ReturnType<RequestBody['digests']> {
  const md5 = computed.md5.digest();
  if (expected.md5 && !expected.md5.equals(md5)) {
    throw s3Error('BadDigest', 'The Content-MD5 you specified did not match what was received.');
  }
  const sha256 = computed.sha256?.digest('hex');
  if (sha256 !== expected.sha256) throw s3Error('XAmzContentSHA256Mismatch');
  if (!computed.algorithm || !computed.running) return { md5, checksum: undefined };

  const value = computed.running.digest().toString('base64');
  if (expected.algorithm) {
    const claimed = expected.checksum ?? trailers.get(checksumHeader(expected.algorithm));
    if (claimed === undefined) throw s3Error('MalformedTrailerError');
    if (claimed !== value) {
      throw s3Error(
        'BadDigest',
        `The ${expected.algorithm} you specified did not match the calculated checksum.`,
      );
    }
  }
  return { md5, checksum: { algorithm: computed.algorithm, type: 'FULL_OBJECT', value } };
}

async function* receivedChunks(request: S3Request): AsyncGenerator<Buffer> {
  try {
    // The socket must outlive a body that is given up halfway: the error is answered on it.
    const received = request.aws.http.iterator({ destroyOnReturn: false });
    yield* received as AsyncIterable<Buffer>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    throw s3Error('IncompleteBody', 'The client hung up before the end of the body.');
  }
}
