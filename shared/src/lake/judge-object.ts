import type { S3Client } from '@aws-sdk/client-s3';
import { ParquetFooterError } from '../parquet/footer-rows';
import { formatManifest, ManifestError, type Manifest } from './manifest';
import { OutputError, outputRows } from './output-rows';
import { readManifest, type LakeBuckets } from './read-manifest';

/** What became of a raw object. */
export type Verdict =
  /** Its records are all where its manifest says. */
  | { state: 'complete'; manifest: Manifest }
  /** Its current version has no complete manifest. */
  | { state: 'missing'; reason: string }
  /** Something does not add up. */
  | { state: 'mismatched'; reason: string; manifest?: Manifest };

/**
 * Holds the version of a raw object that has this ETag against its manifest, and that against its
 * outputs: `in = good + quarantined + duplicates`, as many rows written as were good, and each
 * output there with as many rows as it should have.
 * @throws what S3 answers, but for what is not there.
 */
export async function judgeObject(
  s3: S3Client,
  buckets: LakeBuckets,
  key: string,
  etag: string,
): Promise<Verdict> {
  try {
    for (;;) {
      const manifest = await readManifest(s3, buckets, key);
      if (!manifest) return { state: 'missing', reason: 'it has no manifest' };
      if (manifest.state !== 'complete') {
        return { state: 'missing', reason: 'its manifest is not complete' };
      }
      if (unquoted(manifest.etag) !== unquoted(etag)) {
        return { state: 'missing', reason: 'its manifest is of another version' };
      }
      const reason =
        countsProblem(manifest) ?? (await outputsProblem(s3, buckets.curated, manifest));
      if (reason === undefined) return { state: 'complete', manifest };
      // While outputs were looked at, another version may have begun to replace them.
      const again = await readManifest(s3, buckets, key);
      if (again && formatManifest(again) === formatManifest(manifest)) {
        return { state: 'mismatched', reason, manifest };
      }
    }
  } catch (error) {
    if (error instanceof ManifestError) return { state: 'mismatched', reason: error.message };
    throw error;
  }
}

/** Parquet rows and quarantined records that a manifest says were written. */
export function writtenRows({ outputs }: Manifest): { good: number; quarantined: number } {
  const sum = (prefix: string): number =>
    outputs
      .filter(({ key }) => key.startsWith(prefix))
      .reduce((total, { rows }) => total + rows, 0);
  return { good: sum('processed/'), quarantined: sum('quarantine/') };
}

function countsProblem(manifest: Manifest): string | undefined {
  const { rows } = manifest;
  const written = writtenRows(manifest);
  if (rows.in !== rows.good + rows.quarantined + rows.duplicates) {
    return 'the rows of its manifest do not add up';
  }
  if (rows.good !== written.good) return `${rows.good} good rows, but ${written.good} written`;
  if (rows.quarantined !== written.quarantined) {
    return `${rows.quarantined} quarantined records, but ${written.quarantined} in quarantine`;
  }
  return undefined;
}

async function outputsProblem(
  s3: S3Client,
  curated: string,
  { outputs }: Manifest,
): Promise<string | undefined> {
  for (const { key, rows } of outputs) {
    try {
      const found = await outputRows(s3, curated, key);
      if (found !== rows) return `${key} has ${found} rows instead of ${rows}`;
    } catch (error) {
      if (error instanceof OutputError || error instanceof ParquetFooterError) {
        return `${key} cannot be used: ${error.message}`;
      }
      throw error;
    }
  }
  return undefined;
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}
