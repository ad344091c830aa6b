import type { AwsRequest } from '../core/aws-request';
import { s3Error } from './s3-error';

/** A request to S3 with its bucket and key read off the host and the path. */
export interface S3Request {
  aws: AwsRequest;
  /** Empty where the request is to no bucket. */
  bucket: string;
  /** Empty where the request is to no object. */
  key: string;
  /** The headers by their lower-case names, with those that a presigned URL carries. */
  headers: Readonly<Record<string, string>>;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /** A query parameter. */
  query(name: string): string | undefined;
}

/** An object's place. */
export interface ObjectRef {
  bucket: string;
  key: string;
}

const LONGEST_KEY = 1024;

/**
 * Reads the bucket and the key off a path-style (`/bucket/key`) or a virtual-hosted-style request
 * (`bucket.localhost`, `bucket.127.0.0.1`).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function parseS3Request(aws: AwsRequest): S3Request {
  const path = aws.path.replace(/^\//, '');
  const hosted = /^(.+)\.(?:localhost|127\.0\.0\.1)(?::\d+)?$/i.exec(
    aws.http.headers.host ?? '',
  )?.[1];
  const slash = path.indexOf('/');
  const [bucket, key] =
    hosted !== undefined
      ? [hosted.toLowerCase(), path]
      : slash < 0
        ? [path, '']
        : [path.slice(0, slash), path.slice(slash + 1)];
  const decodedKey = decodeUri(key);
  checkKey(decodedKey);
  const headers = headersOf(aws);
  return {
    aws,
    bucket: decodeUri(bucket),
    key: decodedKey,
    headers,
    header: (name) => headers[name],
    query: (name) => aws.query.get(name) ?? undefined,
  };
}

/** Whether a query parameter is a header that a presigned URL carries. */
export function isPresignedHeader(name: string): boolean {
  return name.startsWith('x-amz-');
}

// Presigning moves a request's x-amz- headers into the query:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
function headersOf(aws: AwsRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of aws.query) if (isPresignedHeader(name)) headers[name] = value;
  for (const [name, value] of Object.entries(aws.http.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

/** Percent-decodes; throws InvalidURI on what is not UTF-8. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error('InvalidURI', `${text} is not percent-encoded UTF-8.`);
  }
}

/** Throws KeyTooLongError beyond 1,024 bytes of UTF-8. */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > LONGEST_KEY) {
    const details = { Size: String(size), MaxSizeAllowed: String(LONGEST_KEY) };
    throw s3Error('KeyTooLongError', undefined, details);
  }
  // From XML alone: one file name could not tell two lone surrogates apart.
  if (!key.isWellFormed()) throw s3Error('InvalidArgument', 'The key is not valid Unicode.');
}

/** Reads a whole number off the query; throws InvalidArgument where it is none or out of range. */
export function wholeNumber(
  request: S3Request,
  name: string,
  options: { default: number; least: number; most: number },
): number {
  const text = request.query(name);
  if (text === undefined) return options.default;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < options.least || value > options.most) {
    throw s3Error(
      'InvalidArgument',
      `${name} must be a whole number from ${options.least} to ${options.most}.`,
      { ArgumentName: name, ArgumentValue: text },
    );
  }
  return value;
}

export function arnOf(ref: { bucket: string; key?: string }): string {
  return `arn:aws:s3:::${ref.bucket}${ref.key ? `/${ref.key}` : ''}`;
}

export function uriOf(ref: { bucket: string; key?: string }): string {
  return `s3://${ref.bucket}${ref.key ? `/${ref.key}` : ''}`;
}
