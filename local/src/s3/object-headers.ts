import { checksumHeaders } from './checksum';
import { DEFAULT_HEADERS, quoted, storageClassOf, type ObjectRecord } from './object-record';
import { s3Error } from './s3-error';
import type { S3Request } from './s3-request';

const CONTENT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
const METADATA = 'x-amz-meta-';
const LARGEST_METADATA = 2048;

// Objects of the other classes have to be restored before they can be read.
const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
];

/** The `x-amz-` request headers that describe an object that is to be written. */
export const OBJECT_HEADERS = [
  `${METADATA}*`,
  'x-amz-acl',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
];

/**
 * What a write request says of the object, as GET will answer it. Throws MetadataTooLarge,
 * InvalidStorageClass, and NotImplemented for an encryption or an ACL that differs from the
 * defaults. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function describedObject(request: S3Request): Record<string, string> {
  const headers: Record<string, string> = { ...DEFAULT_HEADERS };
  for (const name of CONTENT_HEADERS) {
    const value = request.header(name);
    if (value !== undefined) headers[name] = value;
  }
  // The framing of the request is no property of the object.
  const encodings = headers['content-encoding']?.split(',').map((each) => each.trim());
  const encoding = encodings?.filter((each) => each !== '' && each !== 'aws-chunked').join(',');
  if (encoding) headers['content-encoding'] = encoding;
  else delete headers['content-encoding'];

  return { ...headers, ...userMetadata(request), ...storageClass(request) };
}

/** Throws NotImplemented where a request asks for an encryption or an ACL other than S3's own. */
export function checkDefaults(request: S3Request): void {
  const encryption = request.header('x-amz-server-side-encryption');
  if (encryption !== undefined && encryption !== 'AES256') {
    throw s3Error('NotImplemented', `The local S3 has no server-side encryption ${encryption}.`);
  }
  const acl = request.header('x-amz-acl');
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control') {
    throw s3Error('NotImplemented', `The local S3 has no ACL ${acl}.`);
  }
}

/** The storage class that a request asks for, as a header of the object where it is not STANDARD. */
export function storageClass(request: S3Request): Record<string, string> {
  const name = request.header('x-amz-storage-class');
  if (name === undefined || name === 'STANDARD') return {};
  if (name === 'GLACIER' || name === 'DEEP_ARCHIVE') {
    throw s3Error('NotImplemented', `The local S3 has no storage class ${name}.`);
  }
  if (!STORAGE_CLASSES.includes(name)) {
    const message = `${name} is not one of ${STORAGE_CLASSES.join(', ')}.`;
    throw s3Error('InvalidStorageClass', message, { StorageClassRequested: name });
  }
  return { 'x-amz-storage-class': name };
}

/** The headers that GET and HEAD answer of an object's record. */
export function answeredHeaders(request: S3Request, record: ObjectRecord): Record<string, string> {
  const headers: Record<string, string> = {
    ...record.headers,
    etag: quoted(record.etag),
    'last-modified': new Date(record.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
  };
  if (storageClassOf(record) === 'STANDARD') delete headers['x-amz-storage-class'];
  for (const name of CONTENT_HEADERS) {
    const override = request.query(`response-${name}`);
    if (override !== undefined) headers[name] = override;
  }
  return headers;
}

/** The checksum of the whole object, where the request asks for it. */
export function answeredChecksum(request: S3Request, record: ObjectRecord): Record<string, string> {
  const asked = request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return asked ? checksumHeaders(record.checksum) : {};
}

/** The query parameters that `answeredHeaders` reads. */
export const OVERRIDE_QUERIES = CONTENT_HEADERS.map((name) => `response-${name}`);

function userMetadata(request: S3Request): Record<string, string> {
  const names = Object.keys(request.headers).filter((name) => name.startsWith(METADATA));
  const metadata = Object.fromEntries(names.map((name) => [name, request.header(name) ?? '']));
  const size = Object.entries(metadata)
    .map(([name, value]) => name.length - METADATA.length + value.length)
    .reduce((sum, each) => sum + each, 0);
  if (size > LARGEST_METADATA) {
    const details = { Size: String(size), MaxSizeAllowed: String(LARGEST_METADATA) };
    throw s3Error('MetadataTooLarge', undefined, details);
  }
  return metadata;
}
