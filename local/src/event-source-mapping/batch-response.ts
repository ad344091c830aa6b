/** What a function's answer says about its batch. */
export type BatchOutcome =
  /** Every message but those of `failed` succeeded. */
  { failed: Set<string> } | { malformed: string };

/**
 * Reads the answer of a function with ReportBatchItemFailures. No list, an empty list and no
 * answer at all mean that every message succeeded. What Lambda cannot make sense of fails the
 * whole batch, and so does the id of a message that is not in it.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function readBatchResponse(response: unknown, messageIds: Set<string>): BatchOutcome {
  if (response === undefined || response === null || response === '') return { failed: new Set() };
  if (typeof response !== 'object' || Array.isArray(response)) {
    return malformed('an object with batchItemFailures', response);
  }
  const failures = (response as Record<string, unknown>).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return malformed('a list as batchItemFailures', failures);
  const failed = new Set<string>();
  for (const failure of failures as unknown[]) {
    const { itemIdentifier } = (failure ?? {}) as Record<string, unknown>;
    if (typeof itemIdentifier !== 'string' || !messageIds.has(itemIdentifier)) {
      return malformed("a message id of this batch as each failure's itemIdentifier", failure);
    }
    failed.add(itemIdentifier);
  }
  return { failed };
}

function malformed(expected: string, found: unknown): BatchOutcome {
  return { malformed: `expected ${expected}, found ${JSON.stringify(found)}` };
}
