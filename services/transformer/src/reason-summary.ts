import type { Violation } from '@saleslake/shared/contract/validate-row';
import type { RejectionReason } from '@saleslake/shared/lake/manifest';

/** Counts rejected records by the columns that were at fault. */
export function summarizeReasons(): {
  add(violations: readonly Violation[], description: string): void;
  clear(): void;
  summary(): RejectionReason[];
} {
  const reasons = new Map<string | null, RejectionReason>();
  return {
    add(violations, description) {
      for (const field of new Set(violations.map((violation) => violation.field))) {
        const reason = reasons.get(field);
        if (reason) reason.records++;
        else reasons.set(field, { field, records: 1, example: description });
      }
    },
    clear: () => reasons.clear(),
    summary: () => [...reasons.values()],
  };
}
