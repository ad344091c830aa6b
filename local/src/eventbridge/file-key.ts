import { createHash } from 'node:crypto';

/** A file name for an ARN, which holds characters and lengths that a file system may not take. */
export function fileKey(arn: string): string {
  return createHash('sha256').update(arn).digest('hex').slice(0, 32);
}
