import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';

/** The bytes of an object, or undefined where there is none. */
export async function readBytes(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<Buffer | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** As readBytes, of an object of UTF-8. */
export async function readText(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<string | undefined> {
  return (await readBytes(s3, bucket, key))?.toString('utf8');
}
