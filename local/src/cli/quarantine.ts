import { writeFileSync } from 'node:fs';
import { sourceUri } from '@saleslake/shared/lake/source-id';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { checkDay } from '../operate/day-range';
import {
  digitsOfIds,
  findEntry,
  listQuarantine,
  readEntry,
  textOfRecords,
  type QuarantineDetails,
  type QuarantinedRecord,
  type QuarantineEntry,
  type QuarantineFilter,
} from '../operate/quarantine';
import { replayQuarantine, type ReplayedErrors } from '../operate/replay-quarantine';
import { formatTable } from '../query/format-result';
import type { Project } from './project';
import { describeUndone, replaySteps } from './replay-steps';
import { answer, cut, formatBytes, formatCount, moment, plural, remark } from './terminal';
import { withStage } from './with-stage';

const SHOWN_REASON = 60;
const SHOWN_TEXT = 200;
const SHOWN_RECORDS = 20;

/** `saleslake quarantine list`: what could not be used, of whom and why. */
export async function list(
  project: Project,
  { stage, table, since }: QuarantineFilter & { stage: string },
): Promise<void> {
  if (since !== undefined) checkDay(since);
  const find = { ...(table !== undefined && { table }), ...(since !== undefined && { since }) };
  const entries = await withStage(project, stage, (found) => listQuarantine(found, find), {
    working: false,
  });
  answer(entriesTable(entries));
  const records = entries.reduce((sum, entry) => sum + entry.records, 0);
  remark(`${plural(records, 'record')} of ${plural(entries.length, 'object')}`);
}

/** `saleslake quarantine show`: each record of an entry, and what is wrong with it. */
export async function show(
  project: Project,
  id: string,
  { stage, full, output }: { stage: string; full: boolean; output?: string },
): Promise<void> {
  await withStage(
    project,
    stage,
    async (found) => {
      const details = await readEntry(found, findEntry(await listQuarantine(found), id));
      if (output === undefined) {
        answer(describeDetails(details, full));
        return;
      }
      writeFileSync(output, await textOfRecords(found, details));
      const { table } = details.entry;
      remark(
        `${plural(details.records.length, 'record')} in ${output}. Mend them, then: ` +
          `saleslake put ${output} --table ${table}`,
      );
    },
    { working: false },
  );
}

export interface ReplayQuarantineOptions {
  stage: string;
  table?: string;
  all: boolean;
  wait: boolean;
  /** In seconds. */
  timeout: number;
}

/**
 * `saleslake quarantine replay`: tries again what is quarantined, and says what still is.
 * @returns whether nothing of it is.
 */
export async function replay(
  project: Project,
  ids: string[],
  { stage, table, all, wait, timeout }: ReplayQuarantineOptions,
): Promise<boolean> {
  if (ids.length === 0 && table === undefined && !all) {
    throw new SaleslakeError('NothingNamed', 'Say which: ids, --table <name>, or --all.');
  }
  return withStage(
    project,
    stage,
    async (found) => {
      const listed = await listQuarantine(found, table === undefined ? {} : { table });
      const entries =
        ids.length === 0 ? listed : [...new Set(ids.map((id) => findEntry(listed, id)))];
      if (entries.length === 0) {
        remark('Nothing is quarantined.');
        return true;
      }
      const steps = replaySteps();
      const { objects, errors } = await replayQuarantine(found, entries, {
        wait,
        patienceMs: timeout * 1000,
        progress: steps.progress,
      });
      steps.done();
      for (const replayed of errors) answer(`${describeErrors(replayed)}\n`);
      const undone = describeUndone(objects);
      answer(undone);
      // Whoever does not wait does not know.
      const still = objects.flatMap(({ key, after }) =>
        after && after.rows.quarantined > 0 ? [{ key, after }] : [],
      );
      for (const { key, after } of still) {
        const [reason] = after.reasons;
        answer(
          `${key}: ${formatCount(after.rows.quarantined)} still quarantined: ` +
            `${cut(reason?.example ?? '', SHOWN_TEXT)}\n`,
        );
      }
      const failed = errors.some(({ problem }) => problem !== undefined);
      if (wait && objects.length > 0 && undone === '' && still.length === 0) {
        answer(`${plural(objects.length, 'object')} transformed, none of it still quarantined.\n`);
      }
      return undone === '' && still.length === 0 && !failed;
    },
    { working: true },
  );
}

function entriesTable(entries: readonly QuarantineEntry[]): string {
  const digits = digitsOfIds(entries);
  return formatTable({
    columns: ['id', 'table', 'by', 'records', 'when', 'source', 'first reason'].map((name) => ({
      name,
      numeric: name === 'records',
    })),
    rows: entries.map(({ id, table, by, source, records, firstReason, at }) => [
      id.slice(0, digits),
      table,
      by,
      formatCount(records),
      moment(at),
      source.key,
      cut(firstReason, SHOWN_REASON),
    ]),
  });
}

function describeDetails({ entry, version, records }: QuarantineDetails, full: boolean): string {
  const shown = full ? records : records.slice(0, SHOWN_RECORDS);
  const lines = [
    `id       ${entry.id}`,
    `table    ${entry.table}`,
    `by       ${entry.by}`,
    `source   ${sourceUri(entry.source)}`,
    ...(version
      ? [`version  ${version.sequencer}, ETag ${version.etag}, ${formatBytes(version.size)}`]
      : []),
    `records  ${formatCount(records.length)}`,
    ...shown.map((record) => describeRecord(record, full)),
  ];
  if (shown.length < records.length) {
    lines.push(`\n… and ${formatCount(records.length - shown.length)} more: --full shows all.`);
  }
  return `${lines.join('\n')}\n`;
}

function describeRecord({ line, violations, text }: QuarantinedRecord, full: boolean): string {
  const whole = (value: string): string => (full ? value : cut(value, SHOWN_TEXT));
  return [
    '',
    line === null ? 'the whole object' : `line ${line}`,
    ...violations.map(({ field, expected, value }) => {
      const got = value === '' ? '' : `, got ${whole(value)}`;
      return field === null ? `  ${expected}${got}` : `  ${field}: expected ${expected}${got}`;
    }),
    ...(text === null ? [] : [`  ${whole(text)}`]),
  ].join('\n');
}

function describeErrors({ entry, records, stream, problem }: ReplayedErrors): string {
  if (problem !== undefined) return `${entry.source.key}: not replayed: ${problem}`;
  if (stream === undefined) return `${entry.source.key}: is not there any more`;
  return (
    `${entry.source.key}: ${plural(records, 'record')} put again on ${stream}; ` +
    'Firehose delivers within minutes.'
  );
}
