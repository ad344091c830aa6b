import { join } from 'node:path';
import { pathOfKey } from '../../s3/key-path';
import { QueryError } from '../query-engine';

export interface S3Location {
  bucket: string;
  /** Without a slash at its end. */
  prefix: string;
}

/** @throws QueryError INVALID_TABLE_PROPERTY for what is no S3 URI. */
export function parseLocation(uri: string): S3Location {
  const [, bucket, prefix] = /^s3[an]?:\/\/([^/]+)(?:\/(.*))?$/.exec(uri) ?? [];
  if (bucket === undefined) {
    throw new QueryError(
      'INVALID_TABLE_PROPERTY',
      `The location '${uri}' is no S3 URI such as s3://bucket/folder/`,
    );
  }
  return { bucket, prefix: (prefix ?? '').replace(/\/+$/, '') };
}

/** A bucket, and the folder that its objects' paths are relative to. */
export interface BucketFolder {
  name: string;
  folder: string;
}

/** The bucket of an S3 URI. @throws QueryError where it is unknown. */
export function bucketOf(
  uri: string,
  bucketFolder: (bucket: string) => string | undefined,
): BucketFolder {
  const { bucket: name } = parseLocation(uri);
  const folder = bucketFolder(name);
  if (folder === undefined) {
    throw new QueryError(
      'HIVE_FILESYSTEM_ERROR',
      `The specified bucket does not exist: ${name} (${uri})`,
    );
  }
  return { name, folder };
}

/** The folder of the objects below an S3 URI. @throws QueryError where the bucket is unknown. */
export function folderOf(
  uri: string,
  bucketFolder: (bucket: string) => string | undefined,
): string {
  const { prefix } = parseLocation(uri);
  const { folder } = bucketOf(uri, bucketFolder);
  return prefix === '' ? folder : join(folder, pathOfKey(prefix));
}
