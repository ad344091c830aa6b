import type { Violation } from '../contract/validate-row';

/** A line of a quarantine file: one record that could not be used, or one whole object. */
export interface QuarantineRecord {
  /** The S3 URI of the object it came in. */
  source: string;
  /** The version of that object. */
  etag: string;
  /** In bytes. */
  size: number;
  sequencer: string;
  /** Where in the object the record starts, from 1; null where the whole object is meant. */
  line: number | null;
  /** What was wrong, in words. */
  reasons: string;
  violations: Violation[];
  /** Its text; null where the whole object is meant, which is still in the raw zone. */
  record: string | null;
}

const QUARANTINE_KEY = /^quarantine\/([a-z0-9_]+)\/date=(\d{4}-\d{2}-\d{2})\/([0-9a-f]{32})\.json$/;

/** Where quarantined records stand; `date` is YYYY-MM-DD. */
export interface QuarantineKey {
  table: string;
  date: string;
  sourceId: string;
}

/** `quarantine/<table>/date=YYYY-MM-DD/<source-id>.json`, in the curated bucket. */
export function quarantineKey({ table, date, sourceId }: QuarantineKey): string {
  return `quarantine/${table}/date=${date}/${sourceId}.json`;
}

/** The parts of a key that quarantineKey made, or undefined. */
export function parseQuarantineKey(key: string): QuarantineKey | undefined {
  const match = QUARANTINE_KEY.exec(key);
  if (!match) return undefined;
  const [, table = '', date = '', sourceId = ''] = match;
  return { table, date, sourceId };
}

/** The record as a line of JSON, with its newline. */
export function formatQuarantineRecord(record: QuarantineRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The records of a quarantine file; none where it was emptied. */
export function parseQuarantineFile(text: string): QuarantineRecord[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as QuarantineRecord);
}

/**
 * A quarantine file without records. It is white space that spells the sequencer in binary, a
 * space for 0 and a tab for 1: every reader of NDJSON finds nothing in it, and yet no two versions
 * have the same bytes, hence never the same ETag, which conditional writes compare.
 */
export function emptyQuarantineFile(sequencer: string): string {
  // The leading 1 keeps leading zeros apart.
  const bits = BigInt(`0x1${sequencer}`).toString(2);
  return bits.replaceAll('0', ' ').replaceAll('1', '\t');
}
