import { isUtf8 } from 'node:buffer';
import type { TableContract } from '../contract/table-contract';
import { decodeLine, decodeRecord, rejectReusedKey, type DecodedRecord } from './decode-record';
import { emptyOutput, isBatch, type BatchLimits, type Decoder } from './decoder';
import { trimEnd } from './json-values';
import { rejectWhole, type Rejection } from './rejection';
import { rowWeight } from './row-weight';
import { kernel, MISS } from './kernel';
import { STAGE_ROWS, source } from './kernel-source';
import { dropStage, leaveStage, takeStage } from './stage';
import { createWaitingRows, type WaitingRows } from './waiting-rows';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

const ALL_ROWS = new Int32Array(STAGE_ROWS).map((_, row) => row);
const goodRows = new Int32Array(STAGE_ROWS);

/** So many are kept for later rows: those of a batch, and those that come before it is done with. */
const IDLE_ROWS = 2;

/**
 * Decodes bytes to columns without a JavaScript object a row.
 *
 * Records are read, where they have a layout that was learned, straight into columns of at most
 * STAGE_ROWS rows: the stage. What is not as simple as a layout expects goes through decodeRecord
 * into the same columns. When the stage is full, or the bytes under it are about to go, its rows
 * are checked, told from duplicates and appended, column by column, to those that wait.
 * A row that fails a check goes through decodeRecord again, so that every reason comes from there.
 */
export function createFastDecoder(contract: TableContract, limits: BatchLimits): Decoder {
  const output = emptyOutput();
  const { counts } = output;
  const weight = rowWeight(contract);

  const stage = takeStage(contract);
  const { bytes } = source;
  const { list, derivations, checks, lineLayouts, freeLayouts } = stage;
  const { days, keys, keyed, starts, ends, longRecordBytes } = stage;
  const { lines, bad } = keyed;
  const names = Object.keys(contract.columns);

  let waiting = nextWaiting();
  /** Those whose rows were handed on. */
  let lent: WaitingRows[] = [];

  let rows = 0;
  let linesRead = 0;
  let layouts = lineLayouts;
  let finished = false;
  /** The rows that were read the plain way: their text makes room for their values. */
  const plain = new Map<number, { value: Record<string, unknown>; text: Uint8Array }>();
  /** Rejections, and between which rows they come. */
  let pending: { row: number; rejection: Rejection }[] = [];

  /** Tries to read the record at `start` into the stage. @returns the position behind it or -1. */
  function readRecord(start: number): number {
    if (rows === STAGE_ROWS) settle();
    return layouts.read(start, rows);
  }

  /**
   * Reads lines into the stage as long as they have the layout that was last of use, and counts
   * them in `linesRead`.
   * @returns the position of the first that has not, or `end`.
   */
  function readLines(start: number, end: number, firstLine: number): number {
    linesRead = 0;
    const { latest } = lineLayouts;
    if (latest === undefined) return start;
    let at = start;
    do {
      if (rows === STAGE_ROWS) settle();
      const before = rows;
      stage.count[0] = before;
      at = kernel.readLines(latest, stage.rows, at, end, firstLine + linesRead, STAGE_ROWS);
      rows = stage.count[0];
      linesRead += rows - before;
    } while (rows === STAGE_ROWS && at < end);
    counts.records += linesRead;
    if (output.firstJson === 0 && linesRead > 0) output.firstJson = counts.records - linesRead + 1;
    return at;
  }

  /** Reads one line, of which it is known or not that it is UTF-8. @returns where the next begins. */
  function readLine(at: number, line: number, isClean: boolean): number {
    const newline = isClean ? -1 : bytes.indexOf(NEWLINE, at);
    if (isClean || isUtf8(bytes.subarray(at, newline))) {
      const behind = readRecord(at);
      const lineEnd = behind < 0 ? MISS : newlineAt(behind);
      if (lineEnd >= 0) {
        count(true);
        add(at, behind, line);
        return lineEnd + 1;
      }
    }
    const lineEnd = newline < 0 ? bytes.indexOf(NEWLINE, at) : newline;
    decodeLine(contract, bytes, at, lineEnd, line, takePlain);
    return lineEnd + 1;
  }

  /** The first record of all need not be read the plain way for its layout to be known. */
  function learnFirstLine(start: number): void {
    const text = bytes.subarray(start, trimEnd(bytes, start, bytes.indexOf(NEWLINE, start)));
    try {
      JSON.parse(text.toString());
    } catch {
      // It will be told why.
      return;
    }
    lineLayouts.learnFrom(text);
  }

  function add(start: number, end: number, line: number): void {
    starts[rows] = start;
    ends[rows] = end;
    lines[rows] = line;
    rows++;
  }

  function count(isJson: boolean): void {
    counts.records++;
    if (isJson && output.firstJson === 0) output.firstJson = counts.records;
  }

  /** Takes a record that was read the plain way, and drops what a layout has read of it. */
  function takePlain(decoded: DecodedRecord, text: Uint8Array, line: number): void {
    count('row' in decoded || decoded.isJson);
    if (rows === STAGE_ROWS || text.length > longRecordBytes) settle();
    for (const derivation of derivations) derivation.forgetGiven(rows);
    if ('rejection' in decoded) {
      pending.push({ row: rows, rejection: decoded.rejection });
      return;
    }
    const start = text.byteOffset - bytes.byteOffset;
    const end = start + text.length;
    layouts.learnFrom(bytes.subarray(start, end));
    stagePlain(decoded, text, start, rows);
    add(start, end, line);
  }

  /**
   * Puts the row's strings over the record's own text, which is never shorter: no character takes
   * more bytes in UTF-8 than in JSON.
   */
  function stagePlain(
    { row: values, value }: { row: Record<string, unknown>; value: Record<string, unknown> },
    text: Uint8Array,
    start: number,
    row: number,
  ): void {
    plain.set(row, { value, text: Buffer.from(text) });
    source.spare = start;
    for (let i = 0; i < list.length; i++) list[i]!.set(row, values[names[i]!]);
  }

  /** Whether the row in `bad` is one that the plain way accepts; if not, it is rejected. */
  function judgeAgain(row: number): boolean {
    const known = plain.get(row);
    if (known) return true;
    const text = bytes.subarray(starts[row], ends[row]);
    const decoded = decodeRecord(contract, text, lines[row]!);
    if ('rejection' in decoded) {
      pending.push({ row, rejection: decoded.rejection });
      return false;
    }
    stagePlain(decoded, text, starts[row]!, row);
    return true;
  }

  function settle(): void {
    if (rows > 0) settleRows();
    if (pending.length === 0) return;
    counts.rejected += pending.length;
    pending.sort((a, b) => a.row - b.row);
    for (const { rejection } of pending) output.rejections.push(rejection);
    pending = [];
  }

  function settleRows(): void {
    check();
    stage.hash(rows);
    keys.add(rows, keyed, takeRepeated);
    append();
    for (let i = 0; i < list.length; i++) list[i]!.settled?.(rows);
    rows = 0;
    if (plain.size > 0) plain.clear();
  }

  /** Appends the staged rows that are not bad to those that wait. */
  function append(): void {
    const isOneDay = kernel.isOneDay(days.byteOffset, bad.byteOffset, rows) !== 0;
    if (isOneDay || bad.indexOf(1) < 0) {
      const text = kernel.recordBytes(starts.byteOffset, ends.byteOffset, rows);
      appendRows(ALL_ROWS, rows, weight * rows + text, isOneDay);
    } else appendGood();
  }

  function appendGood(): void {
    let count = 0;
    let bytes = 0;
    let isOneDay = true;
    for (let row = 0; row < rows; row++) {
      if (bad[row] === 1) continue;
      goodRows[count++] = row;
      bytes += weight + ends[row]! - starts[row]!;
      if (days[row] !== days[goodRows[0]!]) isOneDay = false;
    }
    if (count > 0) appendRows(goodRows, count, bytes, isOneDay);
  }

  function appendRows(good: Int32Array, count: number, bytes: number, isOneDay: boolean): void {
    counts.good += count;
    if (isBatch(goesOn(good[0]!), waiting.size + count, waiting.bytes + bytes, limits)) {
      appendBatches(good, count);
    } else waiting.append(good, count, bytes, isOneDay);
  }

  /** Appends rows of which some fill a batch. */
  function appendBatches(good: Int32Array, count: number): void {
    let from = 0;
    let some = 0;
    let areOneDay = true;
    for (let i = 0; i < count; i++) {
      const row = good[i]!;
      some += weight + ends[row]! - starts[row]!;
      areOneDay &&= i === from ? goesOn(row) : days[row] === days[good[from]!];
      if (!isBatch(areOneDay, waiting.size + i + 1 - from, waiting.bytes + some, limits)) continue;
      waiting.append(good.subarray(from), i + 1 - from, some, areOneDay);
      handOn(false);
      waiting = nextWaiting();
      from = i + 1;
      some = 0;
      areOneDay = true;
    }
    if (from < count) waiting.append(good.subarray(from), count - from, some, areOneDay);
  }

  /** Whether the row is of the same day as all that wait. */
  function goesOn(row: number): boolean {
    return waiting.size === 0 || (waiting.areOneDay && waiting.day === days[row]);
  }

  function handOn(areLast: boolean): void {
    output.batches.push(waiting.take(areLast));
    lent.push(waiting);
  }

  /** Those with the most room: what is left behind a batch needs little. */
  function nextWaiting(): WaitingRows {
    stage.idle.sort((a, b) => a.room - b.room);
    return stage.idle.pop() ?? createWaitingRows(list, days);
  }

  function check(): void {
    bad.fill(0);
    for (let i = 0; i < derivations.length; i++) {
      derivations[i]!.compute(rows);
      derivations[i]!.checkGiven(rows, bad);
    }
    for (let i = 0; i < checks.length; i++) checks[i]!(rows, bad);
    for (let row = bad.indexOf(1); row >= 0; row = bad.indexOf(1, row + 1)) {
      if (judgeAgain(row)) bad[row] = 0;
    }
  }

  function takeRepeated(row: number, same: boolean, firstLine: number): void {
    if (same) {
      counts.duplicates++;
      return;
    }
    const known = plain.get(row);
    const text = known?.text ?? bytes.subarray(starts[row], ends[row]);
    const value =
      known?.value ?? (JSON.parse(Buffer.from(text).toString()) as Record<string, unknown>);
    const rejection = rejectReusedKey(contract, value, text, lines[row]!, firstLine);
    pending.push({ row, rejection });
  }

  return {
    output,
    source,
    lines(start, end, firstLine) {
      layouts = lineLayouts;
      const clean = isUtf8(bytes.subarray(start, end));
      if (clean && lineLayouts.latest === undefined) learnFirstLine(start);
      let line = firstLine;
      for (let at = start; at < end; line++) {
        if (clean) {
          const from = at;
          at = readLines(from, end, line);
          line += linesRead;
          if (at >= end) break;
        }
        at = readLine(at, line, clean);
      }
      return line;
    },
    record(start, end, line) {
      layouts = freeLayouts;
      const text = bytes.subarray(start, end);
      if (isUtf8(text) && readRecord(start) === end) {
        count(true);
        add(start, end, line);
        return;
      }
      takePlain(decodeRecord(contract, text, line), text, line);
    },
    reject(start, end, line, expected) {
      count(false);
      pending.push({
        row: rows,
        rejection: rejectWhole(line, bytes.subarray(start, end), expected),
      });
    },
    settle,
    finish() {
      settle();
      handOn(true);
      finished = true;
    },
    recycle() {
      for (const rows of lent) {
        let done = rows;
        // What came in the meantime is little, and moves to where there is room for much.
        if (rows.room > waiting.room) {
          rows.takeOver(waiting);
          [waiting, done] = [rows, waiting];
        }
        if (stage.idle.length < IDLE_ROWS) stage.idle.push(done);
      }
      lent = [];
    },
    close() {
      if (finished) leaveStage(contract, stage);
      else dropStage(stage);
    },
  };
}

/** Where the newline is that a record must have right behind it; MISS where it has none. */
function newlineAt(behind: number): number {
  const { bytes } = source;
  if (bytes[behind] === NEWLINE) return behind;
  return bytes[behind] === RETURN && bytes[behind + 1] === NEWLINE ? behind + 1 : MISS;
}
