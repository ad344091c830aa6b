import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { manifestKey, parseManifest, type Manifest } from './manifest';
import { tableOfKey } from './table-of-key';

/** The two buckets of a lake. */
export interface LakeBuckets {
  raw: string;
  curated: string;
}

/**
 * The manifest of a raw object, or undefined where there is none yet.
 * @throws ManifestError where what is there is none.
 */
export async function readManifest(
  s3: S3Client,
  buckets: LakeBuckets,
  rawKey: string,
  abortSignal?: AbortSignal,
): Promise<Manifest | undefined> {
  const key = manifestKey(tableOfKey(rawKey), { bucket: buckets.raw, key: rawKey });
  try {
    const command = new GetObjectCommand({ Bucket: buckets.curated, Key: key });
    const { Body } = await s3.send(command, { abortSignal });
    return parseManifest(key, (await Body?.transformToString()) ?? '');
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
