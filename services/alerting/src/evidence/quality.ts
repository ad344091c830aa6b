import { alarmItself } from './alarm-itself';
import { saleslake } from './commands';
import { count, firstOf, utc, type FindEvidence } from './evidence';
import { readReport } from './report';

const REPORT_KEY = 'quality/latest.json';

/** As the service quality writes it. */
interface QualityReport {
  at: string;
  checks: { name: string; question: string; violations?: number; error?: string }[];
}

/** Which checks the data last failed. */
export const findFailedChecks: FindEvidence = async ({ alarm, reason }, sources) => {
  const { stage, curatedBucket } = sources;
  const text = await readReport(REPORT_KEY, sources);
  if (text === undefined) return alarmItself(alarm, reason, 'There is no report yet.');
  const { at, checks } = JSON.parse(text) as QualityReport;
  const failed = checks.filter(({ violations }) => violations !== 0);
  return {
    headline: `${count(failed.length, 'quality check')} failed`,
    facts: [
      `${failed.length} of ${count(checks.length, 'check')} failed at ${utc(Date.parse(at))}`,
      ...firstOf(
        failed.map(({ name, violations }) => `- ${name}: ${outcome(violations)}`),
        failed.length,
      ),
    ],
    whereabouts: [
      'The rows are in the lake, and queries see them.',
      `The whole report: s3://${curatedBucket}/${REPORT_KEY}`,
    ],
    show: [saleslake(stage, 'quality')],
    replay: [],
    afterwards: 'All checks pass again.',
    mark: failed.map(({ name, violations }) => `${name} ${violations}`).join('\n'),
  };
};

function outcome(violations: number | undefined): string {
  // Why it could not be answered Athena says in words that may quote a row.
  if (violations === undefined) return 'could not be answered';
  return violations === 1
    ? '1 row violates it'
    : `${violations.toLocaleString('en-US')} rows violate it`;
}
