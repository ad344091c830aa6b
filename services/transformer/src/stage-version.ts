import type { Violation } from '@saleslake/shared/contract/validate-row';
import { decodeRecords } from '@saleslake/shared/decode/decode-records';
import { gunzip } from '@saleslake/shared/decode/gunzip';
import { describeRejection } from '@saleslake/shared/decode/rejection';
import { processedKey } from '@saleslake/shared/lake/processed-keys';
import {
  formatQuarantineRecord,
  quarantineKey,
  type QuarantineRecord,
} from '@saleslake/shared/lake/quarantine';
import { sourceId, sourceUri } from '@saleslake/shared/lake/source-id';
import type { RowCounts } from '@saleslake/shared/lake/manifest';
import { createParquetFiles } from '@saleslake/shared/parquet/parquet-files';
import type { ParquetOptions, ParquetWriter } from '@saleslake/shared/parquet/parquet-writer';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { tables } from '@saleslake/shared/tables/index';
import { gatherChunks } from './gather-chunks';
import type { ObjectVersion } from './object-created';
import type { StagedVersion } from './publish-version';
import { summarizeReasons } from './reason-summary';
import type { SourceTable } from './source-table';
import type { StagedOutput, Staging } from './staging';

export interface StageOptions {
  parquetWriter: ParquetWriter;
  parquetOptions: ParquetOptions;
  /** As of createParquetFiles. */
  bufferBytes?: number;
}

/**
 * Decodes the bytes of a version and encodes its outputs: a Parquet file for each partition that
 * has rows, and a quarantine file where there is something to quarantine.
 * @throws what reading the bytes throws. What is wrong with the bytes themselves is no error: it
 * goes into quarantine.
 */
export async function stageVersion(
  bytes: AsyncIterable<Uint8Array>,
  version: ObjectVersion,
  { name, contract, date }: SourceTable,
  staging: Staging,
  { parquetWriter, parquetOptions, bufferBytes }: StageOptions,
): Promise<StagedVersion> {
  const { bucket, key, etag, size, sequencer } = version;
  const id = sourceId(version);
  const reasons = summarizeReasons();
  let quarantine: ReturnType<Staging['open']> | undefined;
  let quarantined = 0;

  function putAside(
    line: number | null,
    why: string,
    violations: Violation[],
    record: string | null,
  ): void {
    const entry: QuarantineRecord = {
      source: sourceUri(version),
      etag,
      size,
      sequencer,
      line,
      reasons: why,
      violations,
      record,
    };
    quarantine ??= staging.open();
    quarantine.write(Buffer.from(formatQuarantineRecord(entry)));
    quarantined++;
  }

  function staged(
    counted: Omit<RowCounts, 'quarantined'>,
    whole: boolean,
    files: StagedVersion['outputs'],
  ): StagedVersion {
    const rows = { ...counted, quarantined };
    checkCounts(rows, files);
    const outputs = new Map(files);
    if (quarantine) {
      const output = { rows: quarantined, body: quarantine.body() };
      outputs.set(quarantineKey({ table: name, date, sourceId: id }), output);
    }
    return {
      manifest: {
        source: { bucket, key },
        sequencer,
        etag,
        size,
        table: name,
        contractVersion: contract?.version ?? null,
        rows,
        whole,
        reasons: reasons.summary(),
      },
      outputs,
    };
  }

  function stagedWhole(why: string): StagedVersion {
    staging.clear();
    quarantine = undefined;
    quarantined = 0;
    reasons.clear();
    const violation = { field: null, value: sourceUri(version), expected: why };
    reasons.add([violation], why);
    putAside(null, why, [], null);
    return staged({ in: 1, good: 0, duplicates: 0 }, true, new Map());
  }

  if (size === 0) return staged({ in: 0, good: 0, duplicates: 0 }, false, new Map());
  if (!contract) {
    const known = tables.map((table) => table.name).join(', ');
    return stagedWhole(`the key names no table; the tables are ${known}`);
  }

  const outputs = new Map<string, StagedOutput>();
  const files = createParquetFiles((key: string) => {
    const output = staging.open();
    outputs.set(key, output);
    return parquetWriter(contract, parquetOptions, (bytes) => output.write(bytes));
  }, bufferBytes);
  const decoded = await decodeRecords(gatherChunks(gunzip(bytes)), contract, {
    onRows: (partition, batch, isLast) =>
      files.append(processedKey(name, partition, id), batch, isLast),
    onReject(rejection) {
      const why = describeRejection(rejection);
      reasons.add(rejection.violations, why);
      putAside(rejection.line, why, rejection.violations, rejection.record);
    },
  }).catch(async (error: unknown) => {
    await files.abort();
    throw error;
  });
  // Also where they are of no use, as a writer may hold memory of its own until it has ended.
  const summaries = await files.finish();
  if (decoded.unusable !== undefined) return stagedWhole(decoded.unusable);
  const { records, good, duplicates } = decoded;
  // Only now: until the last file has ended, bytes may still move from memory to disk.
  const finished = new Map(
    [...outputs].map(([key, output]) => [
      key,
      { rows: summaries.get(key)!.rows, body: output.body() },
    ]),
  );
  return staged({ in: records, good, duplicates }, false, finished);
}

/**
 * Decoder, quarantine and writers each count for themselves. Where they disagree a row was lost or
 * doubled: nothing is published then, and the message ends in the dead-letter queue.
 */
function checkCounts(rows: RowCounts, files: StagedVersion['outputs']): void {
  const written = [...files.values()].reduce((sum, file) => sum + file.rows, 0);
  if (rows.in !== rows.good + rows.quarantined + rows.duplicates || rows.good !== written) {
    throw new SaleslakeError(
      'CountsDisagree',
      `The counts do not add up: ${JSON.stringify(rows)}, with ${written} rows written.`,
    );
  }
}
