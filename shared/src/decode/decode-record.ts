import { isUtf8 } from 'node:buffer';
import type { TableContract } from '../contract/table-contract';
import { shownValue, validateRow, type Violation } from '../contract/validate-row';
import { concatenatedObjects, skipBlank, trimEnd } from './json-values';
import { recordText, rejectWhole, type Rejection } from './rejection';

/** What became of one record the plain way: JSON.parse, then validateRow. */
export type DecodedRecord =
  | { row: Record<string, unknown>; value: Record<string, unknown> }
  /** `isJson` says whether it was a JSON value at all. */
  | { rejection: Rejection; isJson: boolean };

/**
 * Decodes the text of one record, which begins on line `line`: the specification that every other
 * decoder must agree with.
 */
export function decodeRecord(
  contract: TableContract,
  text: Uint8Array,
  line: number,
): DecodedRecord {
  if (!isUtf8(text)) {
    return { rejection: rejectWhole(line, text, 'a JSON object in UTF-8'), isJson: false };
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.length).toString('utf8'));
  } catch (error) {
    const expected = `a JSON object (${(error as Error).message})`;
    return { rejection: rejectWhole(line, text, expected), isJson: false };
  }
  const validation = validate(contract, value);
  if (!validation) {
    const expected = 'a JSON object that is not nested as deeply';
    return { rejection: rejectWhole(line, text, expected), isJson: true };
  }
  if (!validation.ok) {
    const { violations } = validation;
    return { rejection: { line, violations, record: recordText(text) }, isJson: true };
  }
  return { row: validation.row, value: value as Record<string, unknown> };
}

/** Undefined where the value is nested so deeply that it cannot even be shown. */
function validate(contract: TableContract, value: unknown) {
  try {
    return validateRow(contract, value);
  } catch (error) {
    // JSON.parse takes any depth, JSON.stringify recurses: V8's "Maximum call stack size exceeded".
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Decodes what stands on one line: nothing where it is blank, several records where objects follow
 * one another without a newline, as Firehose joins them, and otherwise one.
 */
export function decodeLine(
  contract: TableContract,
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
  take: (decoded: DecodedRecord, text: Uint8Array, line: number) => void,
): void {
  const first = skipBlank(bytes, start, end);
  const last = trimEnd(bytes, first, end);
  if (first === last) return;
  const text = bytes.subarray(first, last);
  const decoded = decodeRecord(contract, text, line);
  const ends = 'row' in decoded || decoded.isJson ? undefined : concatenatedObjects(text);
  if (!ends) {
    take(decoded, text, line);
    return;
  }
  let from = 0;
  for (const to of ends) {
    const object = text.subarray(skipBlank(text, from, to), to);
    take(decodeRecord(contract, object, line), object, line);
    from = to;
  }
}

/** The rejection of a valid record whose key stands on an earlier line with other values. */
export function rejectReusedKey(
  { key }: TableContract,
  value: Record<string, unknown>,
  text: Uint8Array,
  line: number,
  firstLine: number,
): Rejection {
  const field = key.join(', ');
  const violation: Violation = {
    field,
    value: key.map((column) => shownValue(value[column])).join(', '),
    expected: `a ${field} not used before; line ${firstLine} has it with other values`,
  };
  return { line, violations: [violation], record: recordText(text) };
}
