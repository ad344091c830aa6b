import { randomBytes } from 'node:crypto';
import type { AwsRequest } from '../core/aws-request';

/**
 * The session token of one execution environment, of which each has its own, by which its calls to
 * AWS are known.
 */
export function newSessionToken(roleToken: string, functionName: string): string {
  return [roleToken, functionName, randomBytes(8).toString('hex')].join('.');
}

/** The function whose execution environment has the token; undefined where it is no such token. */
export function functionOfToken(sessionToken: string): string | undefined {
  return /^[^.]*\.([A-Za-z0-9-_]+)\.[0-9a-f]{16}$/.exec(sessionToken)?.[1];
}

/** The token that a request was signed with, by header or by a presigned URL. */
export function sessionTokenOf({ http, query }: AwsRequest): string | undefined {
  const header = http.headers['x-amz-security-token'];
  return typeof header === 'string' ? header : (query.get('X-Amz-Security-Token') ?? undefined);
}
