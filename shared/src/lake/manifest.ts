import { SaleslakeError } from '../runtime/errors';
import { isSequencer } from './sequencer';
import { sourceId, type SourceObject } from './source-id';

/** What became of the records of an object: `in` is the sum of the others. */
export interface RowCounts {
  in: number;
  good: number;
  quarantined: number;
  /** Records of a key that the object had already. */
  duplicates: number;
}

export interface Output {
  key: string;
  /** None where an earlier version of the object had rows here and this one has not. */
  rows: number;
}

/** The rejected records in which one column was at fault; a record may count for several. */
export interface RejectionReason {
  /** The column, or null where the record, or the object, as a whole was. */
  field: string | null;
  records: number;
  /** What was wrong with the first of them, in words. */
  example: string;
}

/** What became of one version of one source object. */
export interface Manifest {
  source: SourceObject;
  /** Orders the versions of the object. */
  sequencer: string;
  etag: string;
  /** In bytes. */
  size: number;
  table: string;
  /** The version of the table's contract; null where there is no such table. */
  contractVersion: number | null;
  /** `writing`: the outputs may be of this version, of an earlier one, or not there yet. */
  state: 'writing' | 'complete';
  rows: RowCounts;
  /** Whether the object could not be read at all, and is quarantined as one. */
  whole: boolean;
  /** Why records were rejected, in the order in which the reasons first came up. */
  reasons: RejectionReason[];
  /** Everything that any version of the object wrote, in the order of the keys. */
  outputs: Output[];
}

/** A manifest is there but is not one. */
export class ManifestError extends SaleslakeError {
  constructor(key: string, problem: string) {
    super('ManifestError', `The manifest ${key} ${problem}.`);
  }
}

/** `manifests/<table>/<source-id>.json`, in the curated bucket. */
export function manifestKey(table: string, source: SourceObject): string {
  return manifestKeyOfId(table, sourceId(source));
}

/** As manifestKey, where the id of the source is known alone. */
export function manifestKeyOfId(table: string, sourceId: string): string {
  return `manifests/${table}/${sourceId}.json`;
}

/** The manifest as a file: JSON for people, the same text for the same manifest. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** @throws ManifestError naming the key where the text is not a manifest. */
export function parseManifest(key: string, text: string): Manifest {
  let value: Partial<Manifest> | null;
  try {
    value = JSON.parse(text) as Partial<Manifest> | null;
  } catch {
    throw new ManifestError(key, 'is not JSON');
  }
  if (
    !isSequencer(value?.sequencer) ||
    (value.state !== 'writing' && value.state !== 'complete') ||
    !Array.isArray(value.outputs)
  ) {
    throw new ManifestError(key, 'has no sequencer, state or outputs');
  }
  return value as Manifest;
}
