import { shownText, type Violation } from '../contract/validate-row';

/** A record that cannot be used, and why. */
export interface Rejection {
  /** Where the record starts, from 1. */
  line: number;
  violations: Violation[];
  /** Its text: at most `REJECTED_BYTES` of it, with U+FFFD in place of what is not UTF-8. */
  record: string;
}

/** As much of a rejected record as is kept: more than an EventBridge or SQS message could bring. */
export const REJECTED_BYTES = 256 * 1024;

/** A rejection for a reason that no single field has. */
export function rejectWhole(line: number, text: Uint8Array, expected: string): Rejection {
  const record = recordText(text);
  return { line, violations: [{ field: null, value: shownText(record), expected }], record };
}

/** The text that a rejection keeps of a record. */
export function recordText(bytes: Uint8Array): string {
  let end = Math.min(bytes.length, REJECTED_BYTES);
  // A character is kept whole or not at all; UTF-8 continues with bytes of the form 10xxxxxx.
  if (end < bytes.length) {
    for (let back = 0; back < 3 && (bytes[end]! & 0xc0) === 0x80; back++) end--;
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8');
}

/** On one line, for a person: `line 12: price: expected a decimal(10,2), got "abc"; …`. */
export function describeRejection({ line, violations }: Rejection): string {
  const reasons = violations.map(
    ({ field, value, expected }) =>
      `${field === null ? '' : `${field}: `}expected ${expected}, got ${value}`,
  );
  return `line ${line}: ${reasons.join('; ')}`;
}
