import type { RowCounts } from '@saleslake/shared/lake/manifest';
import { dayRange } from '../operate/day-range';
import { planReplay } from '../operate/replay-days';
import { replayObjects, type ReplayedObject } from '../operate/replay-objects';
import { replayBackup } from '../operate/stream-backup';
import { formatTable } from '../query/format-result';
import type { Project } from './project';
import { describeUndone, replaySteps } from './replay-steps';
import { answer, formatBytes, formatCount, plural, remark, step } from './terminal';
import { withStage } from './with-stage';

export interface ReplayOptions {
  stage: string;
  table: string;
  from: string;
  to: string;
  dryRun: boolean;
  wait: boolean;
  /** In seconds. */
  timeout: number;
}

/**
 * `saleslake replay`: does a table's days again, from the raw zone and from what Firehose kept.
 * @returns whether all of it is done, as far as that was waited for.
 */
export async function replay(
  project: Project,
  { stage, table, from, to, dryRun, wait, timeout }: ReplayOptions,
): Promise<boolean> {
  const days = dayRange(from, to);
  return withStage(
    project,
    stage,
    async (found) => {
      const { objects, backup, doubling } = await planReplay(found, table, days);
      remark(`${plural(objects.length, 'raw object')} of ${table}, ${bytesOf(objects)}`);
      if (backup.length > 0) {
        remark(
          `${plural(backup.length, 'object')} of records that Firehose kept, ${bytesOf(backup)}: ` +
            'their changes stand in the files again, and the views take each once',
        );
      }
      if (doubling.length > 0) {
        remark(
          `${plural(doubling.length, 'object')} under firehose-backup/${table}/ stay: nothing takes ` +
            'their rows once',
        );
      }
      if (dryRun) {
        for (const { key, size } of [...objects, ...backup])
          answer(`${key}  ${formatBytes(size)}\n`);
        return true;
      }
      if (backup.length > 0) {
        const putting = step('Put records again');
        const { records, unread, stream } = await replayBackup(found, table, backup, (put) =>
          putting.update(formatCount(put)),
        );
        const left = unread === 0 ? '' : `, ${formatBytes(unread)} were no change and are left`;
        putting.done(`${plural(records, 'record')} on ${stream}${left}`);
      }
      if (objects.length === 0) return true;
      const steps = replaySteps();
      const replayed = await replayObjects(
        found,
        objects.map(({ key }) => key),
        { wait, patienceMs: timeout * 1000, progress: steps.progress },
      );
      steps.done();
      if (wait) answer(summary(replayed));
      const undone = describeUndone(replayed);
      answer(undone);
      return undone === '';
    },
    { working: !dryRun },
  );
}

function bytesOf(objects: readonly { size: number }[]): string {
  return formatBytes(objects.reduce((sum, { size }) => sum + size, 0));
}

function summary(objects: readonly ReplayedObject[]): string {
  const done = objects.filter(({ state }) => state === 'complete');
  const names: (keyof RowCounts)[] = ['in', 'good', 'quarantined', 'duplicates'];
  const sums = (which: 'before' | 'after'): string[] =>
    names.map((name) =>
      formatCount(done.reduce((sum, object) => sum + (object[which]?.rows[name] ?? 0), 0)),
    );
  return formatTable({
    columns: ['', 'objects', ...names].map((name) => ({ name, numeric: name !== '' })),
    rows: [
      ['before', formatCount(done.filter(({ before }) => before).length), ...sums('before')],
      ['after', formatCount(done.length), ...sums('after')],
    ],
  });
}
