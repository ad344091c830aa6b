import { SaleslakeError } from '../runtime/errors';

/** Where the last report stands, in the curated bucket. */
export const QUALITY_REPORT_KEY = 'quality/latest.json';

/** What came of a check: how many rows violate it, or why that is not known. */
export type CheckVerdict = { name: string; question: string } & (
  { violations: number } | { error: string }
);

/** What came of all checks. */
export interface QualityReport {
  /** When, ISO 8601. */
  at: string;
  /** In the order of their names. */
  checks: CheckVerdict[];
}

/** A check that could not be answered has not passed. */
export function passed(verdict: CheckVerdict): boolean {
  return 'violations' in verdict && verdict.violations === 0;
}

/** The report as a file: JSON for people. */
export function formatQualityReport(report: QualityReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** @throws SaleslakeError where the text is no such report. */
export function parseQualityReport(text: string): QualityReport {
  let value: Partial<QualityReport> | null;
  try {
    value = JSON.parse(text) as Partial<QualityReport> | null;
  } catch {
    throw reportError('is not JSON');
  }
  if (typeof value?.at !== 'string' || !Array.isArray(value.checks)) {
    throw reportError('has no at or checks');
  }
  return value as QualityReport;
}

function reportError(problem: string): SaleslakeError {
  return new SaleslakeError('ReportError', `${QUALITY_REPORT_KEY} ${problem}.`);
}
