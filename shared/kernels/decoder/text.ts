import { MISS, QUOTE, firstBytes, quotesOf, stopsOf } from './bytes';
import { Dictionary, findText, plainExtent, shortKey } from './dictionary';
import { LENGTH_WITHOUT_ESCAPES, TEXT_WITHOUT_ESCAPES, readEscaped } from './escapes';
import { endText, mixA, mixTextA, mixTextB, putTextHashes, seedA, seedB } from './hash';
import { prepareText } from './host';

/** Where strings are put. */
@unmanaged
export class TextTarget {
  /** Of each row its text's code, where there is a dictionary. */
  codes: usize;
  /** The range of its text and the two hashes of it, where there is none. */
  starts: usize;
  ends: usize;
  hashes: usize;
  /** The dictionary, or 0. */
  dictionary: usize;
  /** Texts of so many bytes keep the rules on length and have no other rule to keep. */
  leastBytes: i32;
  mostBytes: i32;
  /** By which the host knows it. */
  column: i32;

  /** Reads a string of less than sixteen bytes without escapes, behind its quote, which is in the dictionary. */
  @inline
  read(start: i32, row: i32): i32 {
    const chunk = v128.load(start);
    // What stands before the quote need not be looked at: with anything escaped it is not found.
    const quotes = quotesOf(chunk);
    if (quotes == 0) return MISS;
    const length = ctz(quotes);
    const key = shortKey(v128.and(chunk, firstBytes(length)));
    const dictionary = changetype<Dictionary>(this.dictionary);
    const code = dictionary.find(key, plainExtent(length), start, length);
    if (code < 0) return MISS;
    store<i32>(this.codes + (row << 2), code);
    return start + length + 1;
  }

  /** As read, of any length. */
  readLong(start: i32, row: i32): i32 {
    const behind = skipText(start - 1);
    if (behind < 0) return MISS;
    const length = behind - 1 - start;
    const code = findText(changetype<Dictionary>(this.dictionary), start, length);
    if (code < 0) return MISS;
    store<i32>(this.codes + (row << 2), code);
    return behind;
  }

  /** As read, of any length, of a column that has no dictionary: the hashes are computed on the way. */
  @inline
  readUnique(start: i32, row: i32): i32 {
    let at = start;
    let a = seedA;
    let b = seedB;
    let chunk = v128.load(at);
    let stops = stopsOf(chunk);
    while (stops == 0) {
      a = mixTextA(a, chunk);
      b = mixTextB(b, chunk);
      at += 16;
      chunk = v128.load(at);
      stops = stopsOf(chunk);
    }
    const rest = ctz(stops);
    at += rest;
    if (load<u8>(at) != QUOTE) return MISS;
    const length = at - start;
    if (length < this.leastBytes || length > this.mostBytes) return MISS;
    chunk = v128.and(chunk, firstBytes(rest));
    const hashes = this.hashes + (row << 4);
    a = length <= 8 ? mixA(a, v128.extract_lane<u64>(chunk, 0)) : mixTextA(a, chunk);
    store<u64>(hashes, endText(a, length));
    store<u64>(hashes, endText(mixTextB(b, chunk), length), 8);
    store<i32>(this.starts + (row << 2), start);
    store<i32>(this.ends + (row << 2), at);
    return at + 1;
  }

  /** Reads any string that keeps the column's rules; with escapes only where there is a dictionary. */
  readAny(quote: i32, row: i32): i32 {
    let start = quote + 1;
    let behind = skipText(quote);
    let length = behind - 1 - start;
    if (behind < 0) {
      // Without a dictionary a text must stay where it is.
      if (this.dictionary == 0) return MISS;
      behind = readEscaped(quote);
      if (behind < 0) return MISS;
      start = <i32>TEXT_WITHOUT_ESCAPES;
      length = load<i32>(LENGTH_WITHOUT_ESCAPES);
    }
    const isJudged = length >= this.leastBytes && length <= this.mostBytes;
    if (!isJudged && !prepareText(this.column, start, length)) return MISS;
    takeText(this, start, length, row);
    return behind;
  }
}

/** Takes a text that keeps the column's rules, wherever it stands. */
export function takeText(target: TextTarget, start: i32, length: i32, row: i32): void {
  if (target.dictionary == 0) {
    putTextHashes(start, length, target.hashes + (row << 4));
    store<i32>(target.starts + (row << 2), start);
    store<i32>(target.ends + (row << 2), start + length);
    return;
  }
  const dictionary = changetype<Dictionary>(target.dictionary);
  let code = findText(dictionary, start, length);
  if (code < 0) {
    if (!dictionary.hasRoom(length)) prepareText(target.column, start, length);
    code = dictionary.add(start, length);
  }
  store<i32>(target.codes + (row << 2), code);
}

/** No code: of null. */
const NO_TEXT: u32 = 0xffffffff;

/** Puts null there. */
export function clearText(target: TextTarget, row: i32): void {
  store<u32>(target.codes + (row << 2), NO_TEXT);
  store<i32>(target.starts + (row << 2), 0);
  store<i32>(target.ends + (row << 2), 0);
}

/**
 * Copies texts, of which text i stands from base + starts[i] to base + ends[i], one behind another to
 * `into`, and to `packedEnds` where each of them ends, counted from `first`: those of `count` numbers,
 * which stand at `numbers`, as long as there is `room`. @returns how many.
 */
export function packTexts(
  base: usize,
  starts: usize,
  ends: usize,
  numbers: usize,
  count: i32,
  into: usize,
  room: i32,
  packedEnds: usize,
  first: i32,
): i32 {
  let to = into;
  for (let i = 0; i < count; i++) {
    const number = load<u32>(numbers + (i << 2));
    if (number != NO_TEXT) {
      const start = load<u32>(starts + (number << 2));
      const length = load<u32>(ends + (number << 2)) - start;
      if (to + length > into + room) return i;
      const from = base + start;
      for (let at: u32 = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at));
      to += length;
    }
    store<i32>(packedEnds + (i << 2), to - into + first);
  }
  return count;
}

/** Passes over a string without escapes. */
export function skipText(quote: i32): i32 {
  if (load<u8>(quote) != QUOTE) return MISS;
  let at = quote + 1;
  let stops = stopsOf(v128.load(at));
  while (stops == 0) {
    at += 16;
    stops = stopsOf(v128.load(at));
  }
  at += ctz(stops);
  return load<u8>(at) == QUOTE ? at + 1 : MISS;
}
