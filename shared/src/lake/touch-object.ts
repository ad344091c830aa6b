import {
  CopyObjectCommand,
  HeadObjectCommand,
  NotFound,
  S3ServiceException,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { SaleslakeError } from '../runtime/errors';
import { sourceUri, type SourceObject } from './source-id';

/** The object cannot be copied onto itself without losing something. */
export class UntouchableObjectError extends SaleslakeError {
  constructor(source: SourceObject, problem: string, cause?: Error) {
    super('UntouchableObjectError', `${sourceUri(source)} ${problem}`, { cause });
  }
}

/** What one CopyObject copies at most: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const LARGEST_COPY = 5 * 1024 ** 3;

// 409: another write was under way.
const CHANGED = ['PreconditionFailed', 'ConditionalRequestConflict'];

/** Answers of S3 that are the object's fault. */
const REFUSALS: Record<string, string> = {
  MetadataTooLarge: 'has so much user metadata that the mark does not fit beside it.',
  ObjectNotInActiveTierError: 'is archived, and has to be restored before it can be copied.',
};

/** What S3 tells of an object but its bytes; undefined where it is not there. */
export async function headObject(
  s3: S3Client,
  { bucket, key }: SourceObject,
): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/**
 * Copies an object onto itself, so that S3 announces it as a new version: bytes, headers, metadata,
 * tags and storage class stay, and `mark` is added to its user metadata. Both the source and the
 * target of the copy must still have the ETag that was seen, so a newer version is never overwritten.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @param mark user metadata, its names in lower case, names and values in printable ASCII
 * @param seen what headObject has told of it, where that was asked already
 * @returns `gone` where there is no such object, `changed` where a newer version came in between:
 * that one has an event of its own
 * @throws UntouchableObjectError for an object over 5 GB, that is archived, or whose metadata S3
 * cannot tell or has no room for the mark
 */
export async function touchObject(
  s3: S3Client,
  source: SourceObject,
  mark: Record<string, string>,
  seen?: HeadObjectCommandOutput,
): Promise<'touched' | 'gone' | 'changed'> {
  const head = seen ?? (await headObject(s3, source));
  if (!head) return 'gone';
  refuseLosses(source, head);
  try {
    const copy = new CopyObjectCommand({
      Bucket: source.bucket,
      Key: source.key,
      CopySource: copySource(source),
      CopySourceIfMatch: head.ETag,
      IfMatch: head.ETag,
      MetadataDirective: 'REPLACE',
      ContentType: head.ContentType,
      ContentEncoding: head.ContentEncoding,
      ContentDisposition: head.ContentDisposition,
      ContentLanguage: head.ContentLanguage,
      CacheControl: head.CacheControl,
      WebsiteRedirectLocation: head.WebsiteRedirectLocation,
      StorageClass: head.StorageClass,
      ServerSideEncryption: head.ServerSideEncryption,
      SSEKMSKeyId: head.SSEKMSKeyId,
      BucketKeyEnabled: head.BucketKeyEnabled,
      Metadata: { ...head.Metadata, ...mark },
    });
    if (head.ExpiresString !== undefined) sendExpires(copy, head.ExpiresString);
    await s3.send(copy);
    return 'touched';
  } catch (error) {
    if (error instanceof S3ServiceException) {
      if (error.name === 'NoSuchKey') return 'gone';
      if (CHANGED.includes(error.name)) return 'changed';
      const refusal = REFUSALS[error.name];
      if (refusal !== undefined) throw new UntouchableObjectError(source, refusal, error);
    }
    throw error;
  }
}

function refuseLosses(source: SourceObject, head: HeadObjectCommandOutput): void {
  const { ContentLength = 0, MissingMeta = 0 } = head;
  if (ContentLength > LARGEST_COPY) {
    throw new UntouchableObjectError(
      source,
      `has ${ContentLength} bytes; expected at most ${LARGEST_COPY}, which one CopyObject copies.`,
    );
  }
  if (MissingMeta > 0) {
    throw new UntouchableObjectError(
      source,
      `has ${MissingMeta} entries of user metadata that S3 cannot tell, and a copy would lose them.`,
    );
  }
}

/** `bucket/key`, percent-encoded. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
function copySource({ bucket, key }: SourceObject): string {
  return [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
}

/** S3 keeps any text as Expires, such as `0`, and the SDK sends dates alone. */
function sendExpires(copy: CopyObjectCommand, expires: string): void {
  copy.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['expires'] = expires;
      return next(args);
    },
    { step: 'build', name: 'sendExpires' },
  );
}
