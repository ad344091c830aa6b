import type { CheckVerdict } from '@saleslake/shared/lake/quality-report';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { forEachConcurrently } from '@saleslake/shared/runtime/for-each-concurrently';
import type { Check } from './named-checks';

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
): Promise<CheckVerdict[]> {
  const verdicts = new Map<Check, CheckVerdict>();
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
