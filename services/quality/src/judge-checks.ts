import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { forEachConcurrently } from '@saleslake/shared/runtime/for-each-concurrently';
import type { Check } from './named-checks';

/** What came of a check: how many rows violate it, or why that is not known. */
export type Verdict = { name: string; question: string } & (
  { violations: number } | { error: string }
);

// Athena runs about twenty at once for the whole account, and others ask too.
// https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
const AT_ONCE = 4;

/**
 * Runs all checks, a few at a time, each to its verdict; in the order of the checks.
 * @param count throws SaleslakeError where the check has no answer, which is then its verdict
 * @throws what else `count` throws
 */
export async function judgeChecks(
  checks: readonly Check[],
  count: (check: Check) => Promise<number>,
): Promise<Verdict[]> {
  const verdicts = new Map<Check, Verdict>();
  await forEachConcurrently(checks, AT_ONCE, async (check) => {
    const { name, question } = check;
    try {
      verdicts.set(check, { name, question, violations: await count(check) });
    } catch (error) {
      if (!(error instanceof SaleslakeError)) throw error;
      verdicts.set(check, { name, question, error: error.message });
    }
  });
  return checks.map((check) => verdicts.get(check)!);
}

/** A check that could not be answered has not passed. */
export function passed(verdict: Verdict): boolean {
  return 'violations' in verdict && verdict.violations === 0;
}
