import type { S3Client } from '@aws-sdk/client-s3';
import type { RawObject } from '@saleslake/shared/lake/reconcile';
import {
  headObject,
  touchObject,
  UntouchableObjectError,
} from '@saleslake/shared/lake/touch-object';

/** The user metadata of a raw object that was driven again: when, ISO 8601. */
const DRIVEN_AGAIN = 'saleslake-driven-again';

export type Drive =
  | { state: 'driven' }
  /** The object is another since it was listed, or gone: it is not this one's manifest that lacks. */
  | { state: 'changed' }
  /** There is nothing more to try. */
  | { state: 'refused'; reason: string };

/**
 * Has S3 announce a raw object once more, as its event seems to be lost; but once only, as what did
 * not come of that will not come of a third event either.
 */
export async function driveAgain(
  s3: S3Client,
  bucket: string,
  { key, lastModified }: RawObject,
  now: number,
): Promise<Drive> {
  const source = { bucket, key };
  const head = await headObject(s3, source);
  // HEAD tells whole seconds; listings may tell more.
  const seconds = (time: number): number => Math.floor(time / 1000);
  const found = head?.LastModified?.getTime() ?? 0;
  if (!head || seconds(found) !== seconds(lastModified)) return { state: 'changed' };
  const before = head.Metadata?.[DRIVEN_AGAIN];
  if (before !== undefined) {
    return { state: 'refused', reason: `although it was driven again at ${before}` };
  }
  try {
    const mark = { [DRIVEN_AGAIN]: new Date(now).toISOString() };
    const touched = await touchObject(s3, source, mark, head);
    return { state: touched === 'touched' ? 'driven' : 'changed' };
  } catch (error) {
    if (!(error instanceof UntouchableObjectError)) throw error;
    return { state: 'refused', reason: `and cannot be driven again: ${error.message}` };
  }
}
