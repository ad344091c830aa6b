import {
  parseReconciliationReport,
  RECONCILIATION_REPORT_KEY,
} from '@saleslake/shared/lake/reconciliation-report';
import { alarmItself } from './alarm-itself';
import { saleslake } from './commands';
import { count, firstOf, utc, type FindEvidence } from './evidence';
import { readReport } from './report';
import { safeKey, safeMisfit } from './safe-text';

/** What the reconciler last reported: objects without a manifest, or whose outputs do not add up. */
export const findReconciliation: FindEvidence = async ({ alarm, metric, reason }, sources) => {
  const { stage, curatedBucket } = sources;
  const text = await readReport(RECONCILIATION_REPORT_KEY, sources);
  if (text === undefined) return alarmItself(alarm, reason, 'There is no report yet.');
  const report = parseReconciliationReport(text);
  const kind = metric.name === 'MissingObjects' ? 'missing' : 'mismatched';
  const objects = report[kind];
  const total = report.counts[kind];
  const lines = objects.map((object) => `- ${safeKey(object.key)}: ${safeMisfit(object.reason)}`);
  const missing = kind === 'missing';
  return {
    headline: `${count(total, 'object')} ${kind}`,
    facts: [
      missing
        ? `${count(total, 'raw object')} of ${report.checked} checked without a complete manifest, and driven again in vain`
        : `${count(total, 'raw object')} of ${report.checked} checked with outputs that do not add up`,
      ...firstOf(lines, total),
      `Checked at ${utc(Date.parse(report.at))}; ${count(report.counts.drivenAgain, 'object')} driven again just then.`,
    ],
    whereabouts: [
      missing
        ? 'The objects are in the raw bucket; their rows are not in the lake.'
        : 'The objects are in the raw bucket; the lake may lack rows of them or have too many.',
      `The whole report: s3://${curatedBucket}/${RECONCILIATION_REPORT_KEY}`,
    ],
    show: [`aws s3 cp s3://${curatedBucket}/${RECONCILIATION_REPORT_KEY} -`],
    replay: replaysOf(objects.map(({ key }) => key)).map((words) => saleslake(stage, words)),
    afterwards: missing
      ? 'Every raw object has a complete manifest again.'
      : 'The outputs of every raw object add up again.',
    mark: objects.map(({ key }) => key).join('\n') + total,
  };
};

/** A command for each table, from the first to the last day of its objects. */
function replaysOf(keys: readonly string[]): string[] {
  const days = new Map<string, string[]>();
  for (const key of keys) {
    const [, table, day] = /^raw\/([a-z0-9_]+)\/date=(\d{4}-\d{2}-\d{2})\//.exec(key) ?? [];
    if (table !== undefined && day !== undefined) {
      days.set(table, [...(days.get(table) ?? []), day].sort());
    }
  }
  return [...days].map(
    ([table, of]) => `replay --table ${table} --from ${of[0]} --to ${of.at(-1)}`,
  );
}
