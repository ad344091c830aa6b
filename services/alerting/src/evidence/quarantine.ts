import type { QuarantineRecord } from '@saleslake/shared/lake/quarantine';
import {
  listQuarantine,
  readQuarantine,
  type QuarantineFile,
} from '@saleslake/shared/lake/quarantine-listing';
import { readManifest } from '@saleslake/shared/lake/read-manifest';
import { parseSourceUri } from '@saleslake/shared/lake/source-id';
import { findTable } from '@saleslake/shared/tables/index';
import { dayOf, saleslake } from './commands';
import { count, firstOf, SHOWN, type FindEvidence, type Sources } from './evidence';
import { safeKey, safeName, safeReasonOfWhole, safeViolation } from './safe-text';

/** Of an object, this many records are told of with line and field. */
const SHOWN_RECORDS = 3;

/** Many of the latest may have been emptied: they are not all read. */
const MOST_READ = 50;

/** A source object with records in quarantine. */
interface Quarantined {
  file: QuarantineFile;
  source: string;
  rows: number;
  reasons: string[];
}

/** What was put into quarantine: tables, objects and rows, and what the contract misses in them. */
export const findQuarantined: FindEvidence = async ({ since }, sources) => {
  const { s3, curatedBucket, stage, signal } = sources;
  const files: QuarantineFile[] = [];
  const which = { since: new Date(since), signal };
  for await (const file of listQuarantine(s3, curatedBucket, which)) files.push(file);
  files.sort((a, b) => b.lastModified.getTime() - a.lastModified.getTime());
  const found: Quarantined[] = [];
  // The latest are what a person can still do something about; the listing has the others.
  let read = 0;
  for (; read < Math.min(files.length, MOST_READ) && found.length < SHOWN; read++) {
    const quarantined = await readFile(files[read]!, sources);
    if (quarantined) found.push(quarantined);
  }
  const objects = found.length + files.length - read;
  const rows = found.reduce((sum, each) => sum + each.rows, 0);
  const tables = [...new Set(files.map(({ table }) => table))].sort();
  const day = dayOf(since);
  return {
    headline:
      found.length > 0
        ? `${objects > found.length ? 'over ' : ''}${count(rows, 'record')} in quarantine`
        : 'records in quarantine',
    facts: [
      found.length > 0
        ? `${count(rows, 'record')} of ${count(found.length, 'object')} in ${tables.join(', ')}`
        : 'What was put aside is no longer in quarantine.',
      ...found.flatMap(({ source, rows: of, reasons }) => [
        `- ${source}: ${count(of, 'record')}`,
        ...reasons.map((text) => `    ${text}`),
      ]),
      ...firstOf([], objects - found.length),
    ],
    whereabouts: [
      `The objects are unharmed in the raw bucket. Each rejected record stands with line, field and reason in s3://${curatedBucket}/quarantine/, and in no table.`,
    ],
    show: [
      saleslake(stage, `quarantine list --since ${day}`),
      ...found.slice(0, 1).map((each) => saleslake(stage, `quarantine show ${idOf(each)}`)),
    ],
    replay: replaysOf(found, objects, tables).map((words) => saleslake(stage, words)),
    afterwards:
      'No more records were rejected lately. What was put aside stays in quarantine until its object is corrected or replayed.',
    mark: files.map(({ key, lastModified }) => `${key} ${lastModified.getTime()}`).join('\n'),
  };
};

/** As `saleslake quarantine list` has it. */
function idOf({ file }: Quarantined): string {
  return file.sourceId.slice(0, 8);
}

/** A few objects are replayed by their ids; of more, all that the tables have in quarantine. */
function replaysOf(found: Quarantined[], objects: number, tables: string[]): string[] {
  if (found.length === 0) return [];
  return objects > found.length
    ? tables.map((table) => `quarantine replay --table ${table}`)
    : [`quarantine replay ${found.map(idOf).join(' ')}`];
}

/** Undefined where the file was emptied. */
async function readFile(
  file: QuarantineFile,
  { s3, curatedBucket, signal }: Sources,
): Promise<Quarantined | undefined> {
  const records: QuarantineRecord[] = [];
  for await (const record of readQuarantine(s3, curatedBucket, file.key, signal)) {
    records.push(record);
    if (records.length === SHOWN_RECORDS) break;
  }
  const [first] = records;
  if (!first) return undefined;
  const { bucket, key } = parseSourceUri(first.source);
  const buckets = { raw: bucket, curated: curatedBucket };
  // There is none while the object is being transformed for the first time.
  const manifest = await readManifest(s3, buckets, key, signal);
  return {
    file,
    source: `s3://${safeName(bucket)}/${safeKey(key)}`,
    rows: manifest?.rows.quarantined ?? records.length,
    reasons: records.flatMap((record) => reasonsOf(file.table, record)),
  };
}

function reasonsOf(table: string, { line, reasons, violations }: QuarantineRecord): string[] {
  if (line === null) return [`the whole object: ${safeReasonOfWhole(reasons)}`];
  const contract = findTable(table);
  const texts = violations.map((violation) => safeViolation(contract, violation));
  return [`line ${line}: ${texts.slice(0, SHOWN_RECORDS).join('; ')}`];
}
