import { manifestKey } from '@saleslake/shared/lake/manifest';
import { parseProcessedKey } from '@saleslake/shared/lake/processed-keys';
import { emptyQuarantineFile, parseQuarantineKey } from '@saleslake/shared/lake/quarantine';
import { sourceUri } from '@saleslake/shared/lake/source-id';
import {
  defaultParquetOptions,
  type ParquetCompression,
  type ParquetOptions,
  type ParquetWriter,
} from '@saleslake/shared/parquet/parquet-writer';
import type { Readable } from 'node:stream';
import type { ConditionalStore } from './conditional-store';
import type { ObjectVersion } from './object-created';
import { publishVersion, type Outcome } from './publish-version';
import { sourceTable, type SourceTable } from './source-table';
import { stageVersion } from './stage-version';
import { createStaging } from './staging';

export interface TransformDependencies {
  /** The bytes of that version; undefined where a newer one took its place. */
  openRaw(version: ObjectVersion): Promise<Readable | undefined>;
  curated: ConditionalStore;
  parquetWriter: ParquetWriter;
  compression: ParquetCompression;
  /** How much of the encoded outputs is kept in memory rather than on disk, in bytes. */
  stagingBytes?: number;
  /** Where the rest is kept. */
  temporaryFolder?: string;
  /** How much waits to be encoded, in bytes; as createParquetFiles has it unless told otherwise. */
  bufferBytes?: number;
}

const STAGING_BYTES = 64 << 20;

/**
 * Turns one version of a source object into Parquet, quarantine and a manifest, exactly once
 * whatever happens; see publishVersion.
 */
export async function transformObject(
  version: ObjectVersion,
  dependencies: TransformDependencies,
): Promise<Outcome> {
  const { curated, parquetWriter, compression } = dependencies;
  const { stagingBytes = STAGING_BYTES, bufferBytes } = dependencies;
  const { sequencer } = version;
  const table = sourceTable(version);
  const parquetOptions: ParquetOptions = {
    ...defaultParquetOptions,
    compression,
    // The sequencer makes the bytes of each version different, as publishVersion needs it.
    metadata: {
      'saleslake.source': sourceUri(version),
      'saleslake.etag': version.etag,
      'saleslake.sequencer': sequencer,
    },
  };
  const staging = createStaging(stagingBytes, dependencies.temporaryFolder);
  try {
    return await publishVersion(curated, {
      manifestKey: manifestKey(table.name, version),
      sequencer,
      async stage() {
        const bytes = await dependencies.openRaw(version);
        if (!bytes) return undefined;
        try {
          const options = { parquetWriter, parquetOptions, bufferBytes };
          return await stageVersion(bytes, version, table, staging, options);
        } finally {
          bytes.destroy();
        }
      },
      emptied: (key) => emptiedOutput(key, table, parquetWriter, parquetOptions),
    });
  } finally {
    staging.clear();
  }
}

async function emptiedOutput(
  key: string,
  { name, contract }: SourceTable,
  parquetWriter: ParquetWriter,
  options: ParquetOptions,
): Promise<Uint8Array> {
  if (parseQuarantineKey(key)) {
    return Buffer.from(emptyQuarantineFile(options.metadata?.['saleslake.sequencer'] ?? ''));
  }
  if (!parseProcessedKey(key)) throw new Error(`The manifest names an output ${key} of no kind`);
  if (!contract) throw new Error(`${key} cannot be emptied: there is no table ${name} any more`);
  const chunks: Uint8Array[] = [];
  await parquetWriter(contract, options, (bytes) => chunks.push(new Uint8Array(bytes))).finish();
  return Buffer.concat(chunks);
}
