import {
  parseQualityReport,
  passed,
  QUALITY_REPORT_KEY,
  type CheckVerdict,
} from '@saleslake/shared/lake/quality-report';
import { alarmItself } from './alarm-itself';
import { saleslake } from './commands';
import { count, firstOf, utc, type FindEvidence } from './evidence';
import { readReport } from './report';

/** Which checks the data last failed. */
export const findFailedChecks: FindEvidence = async ({ alarm, reason }, sources) => {
  const { stage, curatedBucket } = sources;
  const text = await readReport(QUALITY_REPORT_KEY, sources);
  if (text === undefined) return alarmItself(alarm, reason, 'There is no report yet.');
  const { at, checks } = parseQualityReport(text);
  const failed = checks.filter((verdict) => !passed(verdict));
  return {
    headline: `${count(failed.length, 'quality check')} failed`,
    facts: [
      `${failed.length} of ${count(checks.length, 'check')} failed at ${utc(Date.parse(at))}`,
      ...firstOf(
        failed.map((verdict) => `- ${verdict.name}: ${outcome(verdict)}`),
        failed.length,
      ),
    ],
    whereabouts: [
      'The rows are in the lake, and queries see them.',
      `The whole report: s3://${curatedBucket}/${QUALITY_REPORT_KEY}`,
    ],
    show: [saleslake(stage, 'quality')],
    replay: [],
    afterwards: 'All checks pass again.',
    mark: failed.map((verdict) => `${verdict.name} ${outcome(verdict)}`).join('\n'),
  };
};

function outcome(verdict: CheckVerdict): string {
  // Why it could not be answered Athena says in words that may quote a row.
  if (!('violations' in verdict)) return 'could not be answered';
  const { violations } = verdict;
  return violations === 1
    ? '1 row violates it'
    : `${violations.toLocaleString('en-US')} rows violate it`;
}
