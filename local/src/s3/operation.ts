import type { ServerResponse } from 'node:http';
import type { AwsContext } from '../core/aws-context';
import type { BucketStore } from './bucket-store';
import type { ObjectStore } from './object-store';
import { s3Error } from './s3-error';
import { arnOf, uriOf, type S3Request } from './s3-request';
import type { UploadStore } from './upload-store';

/** What the operations work on. */
export interface S3Services {
  context: AwsContext;
  buckets: BucketStore;
  objects: ObjectStore;
  uploads: UploadStore;
  /** Folder for files that are not in their place yet. */
  stagingFolder: string;
}

/** One S3 operation. */
export interface Operation {
  name: string;
  /**
   * The `x-amz-` request headers that it heeds, beside those every operation does; a trailing `*`
   * stands for any ending. A request with another is answered NotImplemented.
   */
  headers?: readonly string[];
  /** The query parameters that it heeds, likewise. */
  queries?: readonly string[];
  handle(request: S3Request, response: ServerResponse, services: S3Services): Promise<void> | void;
}

/** Throws NoSuchBucket, or AccessDenied where the caller may not do `action` to the bucket. */
export function enterBucket(services: S3Services, request: S3Request, action: string): void {
  services.buckets.require(request.bucket);
  services.context.authorize(request.aws.accessKeyId, action, arnOf({ bucket: request.bucket }));
}

/** Throws NoSuchBucket, or AccessDenied where the caller may not do `action` to the object. */
export function enterObject(services: S3Services, request: S3Request, action: string): void {
  services.buckets.require(request.bucket);
  services.context.authorize(request.aws.accessKeyId, action, arnOf(request));
}

/**
 * The error for an object that is not there. Who may not list the bucket is not told so and gets
 * AccessDenied: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function noSuchKey(
  services: S3Services,
  request: S3Request,
  ref: { bucket: string; key: string } = request,
) {
  const arn = arnOf({ bucket: ref.bucket });
  services.context.authorize(request.aws.accessKeyId, 's3:ListBucket', arn);
  return s3Error('NoSuchKey', undefined, { Key: ref.key });
}

/** Tells the person watching of something that happened to a bucket or an object. */
export function tell(
  services: S3Services,
  level: 'debug' | 'info',
  what: string,
  ref: { bucket: string; key?: string },
  detail?: string,
): void {
  const subject = uriOf(ref);
  services.context.tell({ service: 's3', what, subject, level, ...(detail && { detail }) });
}

/** `12.3 kB` */
export function humanSize(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
