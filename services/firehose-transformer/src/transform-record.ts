import { isUtf8 } from 'node:buffer';
import { validateRow } from '@saleslake/shared/contract/validate-row';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import {
  deliveredLine,
  type DeliveredLine,
  type PartitionKeys,
} from '@saleslake/shared/stream/delivered-line';
import { createQuickLine } from '@saleslake/shared/stream/quick-line';
import { PayloadError } from './payload-error';
import type { StreamTable } from './streams';
import { isWrapped, userRecords } from './user-records';

const NOT_JSON = Symbol('not JSON');

/** What becomes of a record. */
export type Outcome =
  /** `data` is base64. */
  | { result: 'Ok'; data: string; partitionKeys: PartitionKeys }
  | { result: 'Dropped' }
  /** `reason` names fields and expectations, and nothing of what the record holds. */
  | { result: 'ProcessingFailed'; reason: string };

/**
 * The transformation of a stream's records, one at a time, given as base64.
 *
 * A record may hold several rows: lines of JSON, gzip-compressed or not, or what the Kinesis
 * Producer Library aggregated. It is answered as a whole, so its rows must all be good and of the
 * same day. One that holds nothing but white space is dropped, and nothing else ever is.
 */
export function createTransformation({ contract, read }: StreamTable): (data: unknown) => Outcome {
  const quickLine = createQuickLine(contract);

  function transform(data: unknown): Outcome {
    const binary = fromBase64(data);
    // Wherever a record holds others it begins with bytes that are not ASCII.
    if (!isAscii(binary)) return transformBytes(Buffer.from(binary, 'latin1'));
    const value = parsed(binary);
    if (value === NOT_JSON) return answer(linesOf(binary));
    const needsEscapes = mayNeedEscapes(binary);
    const { text, partitionKeys } = lineOf(value, needsEscapes);
    // Without escapes nothing but ASCII can have come of ASCII.
    return { result: 'Ok', data: needsEscapes ? toBase64(text) : btoa(text), partitionKeys };
  }

  function transformBytes(bytes: Uint8Array): Outcome {
    const records = isWrapped(bytes) ? userRecords(bytes) : [bytes];
    return answer(records.flatMap((record) => linesOf(utf8(record))));
  }

  /** The rows of a JSON object, or of one on each line; none where there is white space alone. */
  function linesOf(text: string): DeliveredLine[] {
    const needsEscapes = mayNeedEscapes(text);
    const whole = parsed(text);
    if (whole !== NOT_JSON) return [lineOf(whole, needsEscapes)];
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => {
      const value = parsed(line);
      if (value === NOT_JSON) throw new PayloadError('expected a JSON object, or one on each line');
      return lineOf(value, needsEscapes);
    });
  }

  function lineOf(value: unknown, needsEscapes: boolean): DeliveredLine {
    if (!isJsonObject(value)) throw new PayloadError('expected a JSON object');
    const record = read(value);
    return quickLine(record, needsEscapes) ?? plainLine(record);
  }

  function plainLine(record: Record<string, unknown>): DeliveredLine {
    const validation = validated(record);
    if (!validation.ok) {
      const reasons = validation.violations.map(
        ({ field, expected }) => `${field === null ? '' : `${field}: `}expected ${expected}`,
      );
      throw new PayloadError(reasons.join('; '));
    }
    return deliveredLine(contract, validation.row);
  }

  function validated(record: Record<string, unknown>) {
    try {
      return validateRow(contract, record);
    } catch (error) {
      // JSON.parse takes any depth; that a value is shown recurses: "Maximum call stack size".
      if (!(error instanceof RangeError)) throw error;
      throw new PayloadError('expected a JSON object that is not nested as deeply');
    }
  }

  return (data) => {
    try {
      return transform(data);
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      return { result: 'ProcessingFailed', reason: error.message };
    }
  };
}

function answer(lines: DeliveredLine[]): Outcome {
  const [first] = lines;
  if (!first) return { result: 'Dropped' };
  const { partitionKeys } = first;
  for (const { partitionKeys: other } of lines) {
    if (!isSameDay(other, partitionKeys)) {
      throw new PayloadError('expected rows of one day, as they go into one folder');
    }
  }
  const data = toBase64(lines.map(({ text }) => text).join(''));
  return { result: 'Ok', data, partitionKeys };
}

function isSameDay(a: PartitionKeys, b: PartitionKeys): boolean {
  return a === b || (a.day === b.day && a.month === b.month && a.year === b.year);
}

/**
 * The bytes as a string of the characters U+0000 to U+00FF. For small texts atob and btoa take half
 * the time of a Buffer.
 */
function fromBase64(data: unknown): string {
  try {
    if (typeof data === 'string') return atob(data);
  } catch (error) {
    if ((error as Error).name !== 'InvalidCharacterError') throw error;
  }
  throw new PayloadError('expected data in base64');
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** All other characters take more than one byte in UTF-8. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

function utf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new PayloadError('expected UTF-8');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

function mayNeedEscapes(json: string): boolean {
  return json.includes('\\');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}
