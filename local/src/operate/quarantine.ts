import type { Violation } from '@saleslake/shared/contract/validate-row';
import { listFirehoseErrors, type FirehoseErrorFile } from '@saleslake/shared/lake/firehose-errors';
import { manifestKeyOfId, parseManifest } from '@saleslake/shared/lake/manifest';
import { parseQuarantineFile } from '@saleslake/shared/lake/quarantine';
import {
  listQuarantine as listFiles,
  type QuarantineFile,
} from '@saleslake/shared/lake/quarantine-listing';
import {
  parseSourceUri,
  sourceId,
  sourceUri,
  type SourceObject,
} from '@saleslake/shared/lake/source-id';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { forEachConcurrently } from '@saleslake/shared/runtime/for-each-concurrently';
import { parseFirehoseErrors } from './firehose-errors';
import { readBytes, readText } from './read-object';
import type { Zones } from './replay-objects';

/** Records of one object that could not be used. */
export interface QuarantineEntry {
  /** Hexadecimal digits, the same as long as the object has its name. */
  id: string;
  table: string;
  /** Who put them aside: the transformer, or Firehose with its own word for why. */
  by: 'transformer' | `firehose ${string}`;
  /** The raw object; of Firehose the object that holds the records. */
  source: SourceObject;
  records: number;
  firstReason: string;
  /** When they were put aside. */
  at: Date;
  /** In the curated bucket: the objects that hold them. */
  files: string[];
}

/** One record of an entry. */
export interface QuarantinedRecord {
  /** Where it starts in the source, from 1; null where the whole object is meant. */
  line: number | null;
  violations: Violation[];
  /** As it came; null where the whole object is meant. */
  text: string | null;
}

/** An entry in full. */
export interface QuarantineDetails {
  entry: QuarantineEntry;
  /** Which version of the source it was; undefined of Firehose. */
  version?: { etag: string; sequencer: string; size: number };
  records: QuarantinedRecord[];
}

export interface QuarantineFilter {
  table?: string;
  /** Put aside on that day or later, YYYY-MM-DD, UTC. */
  since?: string;
}

const AT_ONCE = 16;
const SHORTEST_ID = 8;

/** What is quarantined, by the transformer or by Firehose, the latest first. */
export async function listQuarantine(
  zones: Zones,
  { table, since }: QuarantineFilter = {},
): Promise<QuarantineEntry[]> {
  const which = { table, since: since === undefined ? undefined : new Date(since) };
  const entries: QuarantineEntry[] = [];
  const add = (entry: QuarantineEntry | undefined): void => {
    if (entry && entry.records > 0) entries.push(entry);
  };
  const sources = await filesBySource(zones, which);
  await forEachConcurrently(sources, AT_ONCE, async (files) => add(await rawEntry(zones, files)));
  const errors: FirehoseErrorFile[] = [];
  for await (const file of listFirehoseErrors(zones.s3, zones.curated, which)) errors.push(file);
  await forEachConcurrently(errors, AT_ONCE, async (file) => add(await firehoseEntry(zones, file)));
  return entries.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? -1 : 1));
}

/** How many digits of their ids tell entries apart, at least eight. */
export function digitsOfIds(entries: readonly QuarantineEntry[]): number {
  let digits = SHORTEST_ID;
  const sorted = entries.map(({ id }) => id).sort();
  for (let i = 1; i < sorted.length; i++) {
    const [a = '', b = ''] = [sorted[i - 1], sorted[i]];
    while (a !== b && a.slice(0, digits) === b.slice(0, digits)) digits++;
  }
  return digits;
}

/**
 * The entry whose id begins so.
 * @throws SaleslakeError where none does, or several do.
 */
export function findEntry(entries: readonly QuarantineEntry[], prefix: string): QuarantineEntry {
  const found = entries.filter(({ id }) => prefix !== '' && id.startsWith(prefix.toLowerCase()));
  const [entry] = found;
  if (!entry) {
    throw new SaleslakeError(
      'NoSuchEntry',
      `Nothing in quarantine has an id that begins with ${prefix}; see saleslake quarantine list.`,
    );
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => id.slice(0, digitsOfIds(found))).join(', ');
    throw new SaleslakeError('AmbiguousId', `Several ids begin with ${prefix}: ${ids}.`);
  }
  return entry;
}

/** Every record of an entry. */
export async function readEntry(zones: Zones, entry: QuarantineEntry): Promise<QuarantineDetails> {
  const texts = await Promise.all(
    entry.files.map(async (key) => ({ key, text: await readText(zones.s3, zones.curated, key) })),
  );
  if (entry.by !== 'transformer') {
    const errors = texts.flatMap(({ key, text = '' }) => parseFirehoseErrors(key, text));
    const records = errors.map(({ data, reason }, index) => ({
      line: index + 1,
      violations: [{ field: null, expected: reason, value: '' }],
      text: data.toString('utf8'),
    }));
    return { entry, records };
  }
  const lines = texts.flatMap(({ text = '' }) => parseQuarantineFile(text));
  const [first] = lines;
  return {
    entry,
    ...(first && {
      version: { etag: first.etag, sequencer: first.sequencer, size: first.size },
    }),
    records: lines.map(({ line, violations, record }) => ({ line, violations, text: record })),
  };
}

/**
 * The records' own text, one after another, to be mended and put again; of an object that is
 * quarantined as a whole its bytes.
 */
export async function textOfRecords(
  { s3, raw }: Zones,
  { entry, records }: QuarantineDetails,
): Promise<Buffer> {
  const texts = records.map(({ text }) => text);
  if (!texts.includes(null)) return Buffer.from(texts.map((text) => `${text}\n`).join(''));
  const bytes = await readBytes(s3, raw, entry.source.key);
  if (bytes) return bytes;
  throw new SaleslakeError('NoSuchObject', `${sourceUri(entry.source)} is not there any more.`);
}

/** A source without a date in its key may have a file under each day on which it was written. */
async function filesBySource(
  { s3, curated }: Zones,
  which: { table?: string; since?: Date },
): Promise<QuarantineFile[][]> {
  const sources = new Map<string, QuarantineFile[]>();
  for await (const file of listFiles(s3, curated, which)) {
    const id = `${file.table}/${file.sourceId}`;
    sources.set(id, [...(sources.get(id) ?? []), file]);
  }
  return [...sources.values()];
}

/**
 * By the source's manifest, which is small: the files may be large, and those that a newer version
 * emptied are there still.
 */
async function rawEntry(
  zones: Zones,
  files: readonly QuarantineFile[],
): Promise<QuarantineEntry | undefined> {
  const [{ table, sourceId: id } = { table: '', sourceId: '' }] = files;
  const at = manifestKeyOfId(table, id);
  const text = await readText(zones.s3, zones.curated, at);
  if (text === undefined) return withoutManifest(zones, files);
  const { source, outputs, reasons } = parseManifest(at, text);
  const rowsOf = new Map(outputs.map(({ key, rows }) => [key, rows]));
  const filled = files.filter(({ key }) => (rowsOf.get(key) ?? 0) > 0);
  return {
    ...entryOf(filled),
    id,
    table,
    source,
    records: filled.reduce((sum, { key }) => sum + (rowsOf.get(key) ?? 0), 0),
    firstReason: reasons[0]?.example ?? '',
  };
}

/** A manifest is there before the first file is, so somebody has deleted it. */
async function withoutManifest(
  { s3, curated }: Zones,
  files: readonly QuarantineFile[],
): Promise<QuarantineEntry | undefined> {
  const texts = await Promise.all(files.map(({ key }) => readText(s3, curated, key)));
  const records = texts.flatMap((text = '') => parseQuarantineFile(text));
  const [file] = files;
  const [first] = records;
  if (!file || !first) return undefined;
  return {
    ...entryOf(files),
    id: file.sourceId,
    table: file.table,
    source: parseSourceUri(first.source),
    records: records.length,
    firstReason: first.reasons,
  };
}

function entryOf(files: readonly QuarantineFile[]): Pick<QuarantineEntry, 'by' | 'at' | 'files'> {
  const latest = Math.max(0, ...files.map(({ lastModified }) => lastModified.getTime()));
  return { by: 'transformer', at: new Date(latest), files: files.map(({ key }) => key) };
}

async function firehoseEntry(
  { s3, curated }: Zones,
  { key, table, type, lastModified }: FirehoseErrorFile,
): Promise<QuarantineEntry | undefined> {
  const text = await readText(s3, curated, key);
  // Another may replay it at the same time.
  if (text === undefined) return undefined;
  const errors = parseFirehoseErrors(key, text);
  const source = { bucket: curated, key };
  return {
    id: sourceId(source),
    table,
    by: `firehose ${type}`,
    source,
    records: errors.length,
    firstReason: errors[0]?.reason ?? '',
    at: lastModified,
    files: [key],
  };
}
