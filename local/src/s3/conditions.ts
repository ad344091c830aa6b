import type { AwsContext } from '../core/aws-context';
import { unquoted, type ObjectRecord } from './object-record';
import type { CheckCurrent } from './object-store';
import { s3Error } from './s3-error';
import { arnOf, type ObjectRef, type S3Request } from './s3-request';

/**
 * The condition of a conditional write, to be checked at the moment of the write. If-None-Match
 * takes `*` alone; If-Match needs s3:GetObject too. The check throws PreconditionFailed, or
 * NoSuchKey where If-Match finds no object.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function writeCondition(context: AwsContext, request: S3Request): CheckCurrent {
  const ifNoneMatch = request.header('if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw s3Error('NotImplemented', 'On a write, If-None-Match takes * alone.', {
      Header: 'If-None-Match',
    });
  }
  const match = matchCondition(context, request, request, request.header('if-match'));
  return (current) => {
    if (ifNoneMatch !== undefined && current) throw preconditionFailed('If-None-Match');
    match(current);
  };
}

/** If-Match on its own, as conditional deletes have it. */
export function matchCondition(
  context: AwsContext,
  request: S3Request,
  ref: ObjectRef,
  etag: string | undefined,
): CheckCurrent {
  if (etag === undefined) return () => undefined;
  context.authorize(request.aws.accessKeyId, 's3:GetObject', arnOf(ref));
  return (current) => {
    if (!current) throw s3Error('NoSuchKey', undefined, { Key: ref.key });
    if (!matches(etag, current)) throw preconditionFailed('If-Match');
  };
}

/**
 * Judges a conditional read by RFC 9110 13.2.2: false where the client's copy is still good.
 * Throws PreconditionFailed. `prefix` is `x-amz-copy-source-` for the source of a copy.
 */
export function isWanted(request: S3Request, record: ObjectRecord, prefix = ''): boolean {
  const ifMatch = request.header(`${prefix}if-match`);
  const ifNoneMatch = request.header(`${prefix}if-none-match`);
  const unmodifiedSince = parseDate(request.header(`${prefix}if-unmodified-since`));
  const modifiedSince = parseDate(request.header(`${prefix}if-modified-since`));
  // HTTP dates have whole seconds.
  const modified = Math.floor(record.lastModified / 1000) * 1000;

  if (ifMatch !== undefined) {
    if (!matches(ifMatch, record)) throw preconditionFailed('If-Match');
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return !matches(ifNoneMatch, record);
  return modifiedSince === undefined || modified > modifiedSince;
}

/** The header names by which `isWanted` judges the source of a copy. */
export const COPY_SOURCE_CONDITIONS = [
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-none-match',
  'x-amz-copy-source-if-unmodified-since',
  'x-amz-copy-source-if-modified-since',
];

export function preconditionFailed(condition: string) {
  return s3Error('PreconditionFailed', undefined, { Condition: condition });
}

function matches(etags: string, record: ObjectRecord): boolean {
  return etags.split(',').some((each) => each.trim() === '*' || unquoted(each) === record.etag);
}

// A date that is none is ignored, as RFC 9110 13.1.3 wants it.
function parseDate(text: string | undefined): number | undefined {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
