import { SaleslakeError } from '../runtime/errors';

/** Where the last report stands, in the curated bucket. */
export const RECONCILIATION_REPORT_KEY = 'reconciliation/latest.json';

/** A raw object, and in words what is wrong with what became of it. */
export interface ReportedObject {
  key: string;
  reason: string;
}

/**
 * What holding raw objects against the curated zone came to. Lists hold the first of each kind, in
 * the order of their keys' listing; `counts` has how many there were.
 */
export interface ReconciliationReport {
  /** When, ISO 8601. */
  at: string;
  /** Objects written within these were checked, ISO 8601; `to` is exclusive. */
  since: string;
  to: string;
  /** Raw objects. */
  checked: number;
  counts: { missing: number; mismatched: number; drivenAgain: number };
  /** Whose current version has no complete manifest, and that were driven again in vain. */
  missing: ReportedObject[];
  /** Whose manifest or outputs do not add up. */
  mismatched: ReportedObject[];
  /** Keys of those that were driven again just now. */
  drivenAgain: string[];
}

/** The report as a file: JSON for people. */
export function formatReconciliationReport(report: ReconciliationReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** @throws SaleslakeError where the text is no such report. */
export function parseReconciliationReport(text: string): ReconciliationReport {
  let value: Partial<ReconciliationReport> | null;
  try {
    value = JSON.parse(text) as Partial<ReconciliationReport> | null;
  } catch {
    throw reportError('is not JSON');
  }
  if (
    typeof value?.at !== 'string' ||
    typeof value.counts !== 'object' ||
    !Array.isArray(value.missing) ||
    !Array.isArray(value.mismatched) ||
    !Array.isArray(value.drivenAgain)
  ) {
    throw reportError('has no at, counts, missing, mismatched or drivenAgain');
  }
  return value as ReconciliationReport;
}

function reportError(problem: string): SaleslakeError {
  return new SaleslakeError('ReportError', `${RECONCILIATION_REPORT_KEY} ${problem}.`);
}
