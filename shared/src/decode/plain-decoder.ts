import type { TableContract } from '../contract/table-contract';
import { createRowBuffer, type RowBuffer } from '../parquet/row-buffer';
import { PADDING, PIECE_BYTES, RECORD_BYTES, type ByteSource } from './byte-source';
import { decodeLine, decodeRecord, rejectReusedKey, type DecodedRecord } from './decode-record';
import { emptyOutput, isBatch, type BatchLimits, type Decoder } from './decoder';
import { ONLY_DAY, dayOf } from './partition';
import { rejectWhole, type Rejection } from './rejection';
import { rowWeight } from './row-weight';

/**
 * Decodes record by record with JSON.parse and validateRow, and remembers the rows of an object
 * in full to tell duplicates: the specification of the fast decoder, for which memory grows with
 * the object. No more than `sourceBytes` of it are to be decoded at once.
 */
export function createPlainDecoder(
  contract: TableContract,
  limits: BatchLimits,
  sourceBytes = RECORD_BYTES + PIECE_BYTES,
): Decoder {
  const source: ByteSource = { bytes: Buffer.alloc(sourceBytes + PADDING), start: 0 };
  const { partitioning } = contract;
  const output = emptyOutput();
  const { counts } = output;
  const buffers = new Map<number, RowBuffer<TableContract>>();
  const weight = rowWeight(contract);
  let waitingRows = 0;
  let waitingBytes = 0;
  const seen = new Map<string, { line: number; row: string }>();

  function reject(rejection: Rejection): void {
    counts.rejected++;
    output.rejections.push(rejection);
  }

  function handOn(isLast: boolean): void {
    const days = [...buffers].sort(([a], [b]) => a - b);
    output.batches.push(days.map(([day, buffer]) => ({ day, batch: buffer.take(), isLast })));
    buffers.clear();
    waitingRows = 0;
    waitingBytes = 0;
  }

  function take(decoded: DecodedRecord, text: Uint8Array, line: number): void {
    counts.records++;
    const isJson = 'row' in decoded || decoded.isJson;
    if (isJson && output.firstJson === 0) output.firstJson = counts.records;
    if ('rejection' in decoded) {
      reject(decoded.rejection);
      return;
    }
    const { row, value } = decoded;
    const key = identity(contract.key.map((column) => row[column]));
    const content = identity(Object.values(row));
    const first = seen.get(key);
    if (first?.row === content) {
      counts.duplicates++;
      return;
    }
    if (first) {
      reject(rejectReusedKey(contract, value, text, line, first.line));
      return;
    }
    seen.set(key, { line, row: content });
    counts.good++;
    const day = partitioning ? dayOf(row[partitioning.column] as number) : ONLY_DAY;
    let buffer = buffers.get(day);
    if (!buffer) buffers.set(day, (buffer = createRowBuffer(contract)));
    buffer.append(row);
    waitingRows++;
    waitingBytes += weight + text.length;
    if (isBatch(buffers.size === 1, waitingRows, waitingBytes, limits)) handOn(false);
  }

  return {
    output,
    source,
    record(start, end, line) {
      const text = source.bytes.subarray(start, end);
      take(decodeRecord(contract, text, line), text, line);
    },
    lines(start, end, line) {
      let [from, number] = [start, line];
      while (from < end) {
        const newline = source.bytes.indexOf(0x0a, from);
        decodeLine(contract, source.bytes, from, newline, number, take);
        from = newline + 1;
        number++;
      }
      return number;
    },
    reject(start, end, line, expected) {
      counts.records++;
      reject(rejectWhole(line, source.bytes.subarray(start, end), expected));
    },
    settle: () => undefined,
    finish() {
      handOn(true);
    },
    recycle: () => undefined,
    close: () => undefined,
  };
}

function identity(values: unknown[]): string {
  return JSON.stringify(values.map((value) => (typeof value === 'bigint' ? `${value}` : value)));
}
