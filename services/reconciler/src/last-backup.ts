import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

/**
 * When Firehose last backed up records of a table, in milliseconds since the epoch; undefined where
 * it never did. Of the folders, one for each day, the newest two are listed: what was being
 * gathered at midnight may be written into the older one.
 */
export async function lastBackup(
  s3: S3Client,
  rawBucket: string,
  table: string,
): Promise<number | undefined> {
  const days: string[] = [];
  const folders = { Bucket: rawBucket, Prefix: `firehose-backup/${table}/`, Delimiter: '/' };
  for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: s3 }, folders)) {
    days.push(...CommonPrefixes.map(({ Prefix = '' }) => Prefix));
  }
  let newest: number | undefined;
  for (const Prefix of days.sort().slice(-2)) {
    const day = { Bucket: rawBucket, Prefix };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, day)) {
      for (const { LastModified } of Contents) {
        newest = Math.max(newest ?? 0, LastModified?.getTime() ?? 0);
      }
    }
  }
  return newest;
}
