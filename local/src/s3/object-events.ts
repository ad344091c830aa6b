import { randomUUID } from 'node:crypto';
import type { AwsContext } from '../core/aws-context';
import type { AwsEvent } from '../core/event';
import type { ObjectRecord } from './object-record';
import { arnOf, type ObjectRef, type S3Request } from './s3-request';

/** The operation that an `Object Created` event names as its reason. */
export type CreationReason = 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function createdEvent(
  context: AwsContext,
  request: S3Request,
  object: ObjectRef & { record: ObjectRecord; sequencer: string; reason: CreationReason },
): AwsEvent {
  const { key, record, sequencer, reason } = object;
  return envelope(context, request, 'Object Created', object.bucket, {
    object: { key, size: record.size, etag: record.etag, sequencer },
    reason,
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function deletedEvent(
  context: AwsContext,
  request: S3Request,
  object: ObjectRef & { sequencer: string },
): AwsEvent {
  return envelope(context, request, 'Object Deleted', object.bucket, {
    object: { key: object.key, sequencer: object.sequencer },
    reason: 'DeleteObject',
    'deletion-type': 'Permanently Deleted',
  });
}

function envelope(
  context: AwsContext,
  request: S3Request,
  detailType: string,
  bucket: string,
  { object, ...rest }: { object: object; reason: string; 'deletion-type'?: string },
): AwsEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source: 'aws.s3',
    account: context.accountId,
    time: new Date(context.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: context.region,
    resources: [arnOf({ bucket })],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object,
      'request-id': request.aws.requestId,
      requester: context.accountId,
      'source-ip-address': request.aws.http.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '',
      ...rest,
    },
  };
}
