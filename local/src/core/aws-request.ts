import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from './aws-error';

/** A request to the local AWS, with what every protocol needs already read off it. */
export interface AwsRequest {
  http: IncomingMessage;
  method: string;
  /** The path as sent: still percent-encoded. */
  path: string;
  query: URLSearchParams;
  /** Whose credentials signed; the signature itself is not checked. */
  accessKeyId: string | undefined;
  /** The service's name in the credential scope, such as `s3` or `sqs`. */
  service: string | undefined;
  requestId: string;
}

/** Answers requests to one service. May throw an AwsError before it has begun to answer. */
export type ServiceHandler = (request: AwsRequest, response: ServerResponse) => Promise<void>;

/**
 * Reads service and access key off the SigV4 header or presigned query.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function parseAwsRequest(http: IncomingMessage, requestId: string): AwsRequest {
  const [path = '/', queryText = ''] = splitOnce(http.url ?? '/', '?');
  const query = new URLSearchParams(queryText);
  const credential =
    /Credential=([^,\s]+)/.exec(http.headers.authorization ?? '')?.[1] ??
    query.get('X-Amz-Credential') ??
    undefined;
  const scope = credential?.split('/') ?? [];
  return {
    http,
    method: http.method ?? 'GET',
    path,
    query,
    accessKeyId: scope[0],
    service: scope[3],
    requestId,
  };
}

/** The whole body, up to `limit` bytes; throws RequestEntityTooLarge beyond. */
export async function readBody(http: IncomingMessage, limit = 16 * 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of http as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read on to the end: a connection that is cut off midway never shows the client the answer.
    if (size <= limit) chunks.push(chunk);
  }
  if (size > limit) {
    throw new AwsError('RequestEntityTooLarge', `The body is larger than ${limit} bytes.`, 413);
  }
  return Buffer.concat(chunks);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
