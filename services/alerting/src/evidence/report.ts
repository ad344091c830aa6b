import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import type { Sources } from './evidence';

/** The text of a report in the curated bucket; undefined where there is none yet. */
export async function readReport(
  Key: string,
  { s3, curatedBucket, signal }: Sources,
): Promise<string | undefined> {
  try {
    const command = new GetObjectCommand({ Bucket: curatedBucket, Key });
    const { Body } = await s3.send(command, { abortSignal: signal });
    return await Body!.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
