import { HeadObjectCommand, NotFound, type S3Client } from '@aws-sdk/client-s3';
import type { RawObject } from '@saleslake/shared/lake/reconcile';
import { touchObject, UntouchableObjectError } from '@saleslake/shared/lake/touch-object';

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
  const head = await headOf(s3, bucket, key);
  // HEAD tells whole seconds; listings may tell more.
  const seconds = (time: number): number => Math.floor(time / 1000);
  if (!head || seconds(head.lastModified) !== seconds(lastModified)) return { state: 'changed' };
  const before = head.metadata[DRIVEN_AGAIN];
  if (before !== undefined) {
    return { state: 'refused', reason: `although it was driven again at ${before}` };
  }
  try {
    const mark = { [DRIVEN_AGAIN]: new Date(now).toISOString() };
    const touched = await touchObject(s3, { bucket, key }, mark);
    return { state: touched === 'touched' ? 'driven' : 'changed' };
  } catch (error) {
    if (!(error instanceof UntouchableObjectError)) throw error;
    return { state: 'refused', reason: `and cannot be driven again: ${error.message}` };
  }
}

async function headOf(
  s3: S3Client,
  Bucket: string,
  Key: string,
): Promise<{ lastModified: number; metadata: Record<string, string> } | undefined> {
  try {
    const { LastModified, Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    return { lastModified: LastModified?.getTime() ?? 0, metadata: Metadata };
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
