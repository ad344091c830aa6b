import type { Operation } from './operation';
import { abortMultipartUpload } from './operations/abort-multipart-upload';
import { completeMultipartUpload } from './operations/complete-multipart-upload';
import { copyObject } from './operations/copy-object';
import { createBucket } from './operations/create-bucket';
import { createMultipartUpload } from './operations/create-multipart-upload';
import { deleteBucket } from './operations/delete-bucket';
import { deleteObject } from './operations/delete-object';
import { deleteObjects } from './operations/delete-objects';
import { getBucketLocation } from './operations/get-bucket-location';
import { getObject } from './operations/get-object';
import { headBucket } from './operations/head-bucket';
import { headObject } from './operations/head-object';
import { listBuckets } from './operations/list-buckets';
import { listMultipartUploads } from './operations/list-multipart-uploads';
import { listObjects } from './operations/list-objects';
import { listObjectsV2 } from './operations/list-objects-v2';
import { listParts } from './operations/list-parts';
import { putObject } from './operations/put-object';
import { uploadPart } from './operations/upload-part';
import { s3Error } from './s3-error';
import { isPresignedHeader, type S3Request } from './s3-request';

interface Route {
  method: string;
  on: 'service' | 'bucket' | 'object';
  /** The query parameter that tells the operation from others of its method. */
  query?: string;
  /** The header that does. */
  header?: string;
  operation: Operation;
}

// The first that fits is taken.
const ROUTES: readonly Route[] = [
  { method: 'GET', on: 'service', operation: listBuckets },

  { method: 'GET', on: 'bucket', query: 'location', operation: getBucketLocation },
  { method: 'GET', on: 'bucket', query: 'uploads', operation: listMultipartUploads },
  { method: 'GET', on: 'bucket', query: 'list-type', operation: listObjectsV2 },
  { method: 'GET', on: 'bucket', operation: listObjects },
  { method: 'HEAD', on: 'bucket', operation: headBucket },
  { method: 'PUT', on: 'bucket', operation: createBucket },
  { method: 'POST', on: 'bucket', query: 'delete', operation: deleteObjects },
  { method: 'DELETE', on: 'bucket', operation: deleteBucket },

  { method: 'GET', on: 'object', query: 'uploadId', operation: listParts },
  { method: 'GET', on: 'object', operation: getObject },
  { method: 'HEAD', on: 'object', operation: headObject },
  { method: 'PUT', on: 'object', query: 'uploadId', operation: uploadPart },
  { method: 'PUT', on: 'object', header: 'x-amz-copy-source', operation: copyObject },
  { method: 'PUT', on: 'object', operation: putObject },
  { method: 'POST', on: 'object', query: 'uploads', operation: createMultipartUpload },
  { method: 'POST', on: 'object', query: 'uploadId', operation: completeMultipartUpload },
  { method: 'DELETE', on: 'object', query: 'uploadId', operation: abortMultipartUpload },
  { method: 'DELETE', on: 'object', operation: deleteObject },
];

// The operation's name for logs, and the parts of a presigned URL.
const COMMON_QUERIES = ['x-id', 'X-Amz-*'];

const COMMON_HEADERS = [
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-expected-bucket-owner',
  'x-amz-request-payer',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-security-token',
  'x-amz-source-expected-bucket-owner',
  'x-amz-te',
  'x-amz-trailer',
  'x-amz-user-agent',
];

/**
 * The operation that a request asks for. Throws NotImplemented, naming what it is, for an
 * operation, a query parameter or an `x-amz-` header that is not emulated: what would be ignored
 * here and heeded by AWS is better not answered at all.
 */
export function operationFor(request: S3Request): Operation {
  const on = request.bucket === '' ? 'service' : request.key === '' ? 'bucket' : 'object';
  const { method, query } = request.aws;
  const queries = [...query.keys()].filter(
    (name) => !isListed(name, COMMON_QUERIES) && !isPresignedHeader(name),
  );
  const route = ROUTES.find(
    (each) =>
      each.method === method &&
      each.on === on &&
      (each.query === undefined || query.has(each.query)) &&
      (each.header === undefined || request.header(each.header) !== undefined),
  );
  if (!route) {
    const subresource = queries.length > 0 ? ` with ?${queries.join('&')}` : '';
    throw notImplemented(`${method} on ${on === 'object' ? 'an' : 'a'} ${on}${subresource}`);
  }
  const { operation } = route;
  const known = [...(operation.queries ?? []), ...(route.query === undefined ? [] : [route.query])];
  const unknownQuery = queries.find((name) => !isListed(name, known));
  if (unknownQuery !== undefined) {
    throw notImplemented(`?${unknownQuery} on ${operation.name}`);
  }
  const unknownHeader = Object.keys(request.headers).find(
    (name) =>
      name.startsWith('x-amz-') &&
      !isListed(name, [...COMMON_HEADERS, ...(operation.headers ?? [])]),
  );
  if (unknownHeader !== undefined) {
    throw notImplemented(`the header ${unknownHeader} on ${operation.name}`);
  }
  return operation;
}

function isListed(name: string, list: readonly string[]): boolean {
  return list.some((each) =>
    each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each,
  );
}

function notImplemented(what: string) {
  return s3Error('NotImplemented', `The local S3 does not implement ${what}.`);
}
