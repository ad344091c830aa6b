import { COMMA, MISS, NULL_WORD, OPEN_BRACE, QUOTE, sameBytes } from './bytes';
import { readEscaped } from './escapes';
import { readValue } from './host';
import { DecimalTarget, IntTarget, skipNumber } from './number';
import { TextTarget, clearText, skipText } from './text';
import { TimestampTarget, readDate } from './timestamp';

// How a value is read.
const HOSTED: i32 = 0;
export const TEXT: i32 = 1;
export const INT: i32 = 2;
export const DECIMAL: i32 = 3;
export const TIMESTAMP: i32 = 4;
const DATE: i32 = 5;
const SKIPPED: i32 = 6;

/** Whether there is more to compare than the first sixteen bytes of the literal. */
export const MORE: i32 = 1 << 16;

/**
 * A member at its place in a layout: the bytes before its value are always the same, its literal. It begins
 * with what separates it from the member before, and ends with the quote of a text or timestamp.
 */
@unmanaged
export class Field {
  /** One of the kinds above. */
  kind: i32;
  /** Where its values are put; of a hosted one, by which the host knows its reader. */
  target: usize;
  /** Of each row whether it is not null; 0 for what has no nulls, or is hosted. */
  validity: usize;
  /** Whether a record may lack it. */
  optional: i32;
  /** The literal's length, and where it stands. */
  length: i32;
  literal: usize;
  /** The bytes of it that stand before any value, also where that is null. */
  lengthOfKey: i32;
  /**
   * 1 where another member may be the first of a record, and this too: it is then not known what separates
   * it from the one before, and the first byte of the literal says nothing.
   */
  unseparated: i32;
  /** The Run of the texts that follow, or 0, and where the addresses of their targets stand. */
  run: usize;
  targets: usize;
  /** A bit for each of the first sixteen bytes of the literal that is not compared; and MORE. */
  ignored: i32;
  // And at HEAD and TAIL the first sixteen bytes of the literal, and its last where it has more.

  @inline
  get head(): v128 {
    return v128.load(changetype<usize>(this), HEAD);
  }

  /** A bit for each of sixteen bytes that is as in the literal, or is not compared; and MORE. */
  @inline
  alike(at: i32): i32 {
    return i8x16.bitmask(i8x16.eq(this.head, v128.load(at))) | this.ignored;
  }

  /** Whether all of the literal is there, where its first sixteen bytes are. */
  @inline
  hasMore(at: i32, start: i32): bool {
    if (this.unseparated && !this.isSeparated(at, start)) return false;
    const last = this.length - 16;
    if (last <= 0) return true;
    if (v128.any_true(v128.xor(v128.load(changetype<usize>(this), TAIL), v128.load(at + last)))) {
      return false;
    }
    for (let i = 16; i < last; i += 16) {
      if (v128.any_true(v128.xor(v128.load(this.literal + i), v128.load(at + i)))) return false;
    }
    return true;
  }

  /** Whether what stands at `at` is what should be there before this member in a record that starts at `start`. */
  @inline
  isSeparated(at: i32, start: i32): bool {
    return load<u8>(at) == (at == start ? OPEN_BRACE : COMMA);
  }

  /**
   * Reads it in any way that the column may have it, or not, of the record that starts at `start`.
   * @returns the position behind it, or MISS.
   */
  readOther(at: i32, start: i32, row: i32): i32 {
    if (!this.hasKey(at, start)) return this.leaveOut(row) ? at : MISS;
    const value = at + this.lengthOfKey;
    if (this.validity != 0) {
      if (load<u32>(value) == NULL_WORD) {
        this.clear(row);
        return value + 4;
      }
      store<u8>(this.validity + row, 1);
    }
    const target = this.target;
    switch (this.kind) {
      case TEXT:
        return changetype<TextTarget>(target).readAny(value, row);
      case DECIMAL:
        return changetype<DecimalTarget>(target).readAny(value, row);
      case INT:
        return changetype<IntTarget>(target).readAny(value, row);
      case TIMESTAMP:
        return changetype<TimestampTarget>(target).readAny(value, row);
      case DATE:
        return readDate(changetype<IntTarget>(target), value, row);
      case SKIPPED:
        return skipValue(value);
      default:
        return readValue(<i32>target, value, row);
    }
  }

  hasKey(at: i32, start: i32): bool {
    // Where but the value is unusual, this says so at once.
    if (this.alike(at) == 0xffff) return true;
    const unseparated = this.unseparated;
    if (unseparated && !this.isSeparated(at, start)) return false;
    return sameBytes(this.literal + unseparated, at + unseparated, this.lengthOfKey - unseparated);
  }

  /** Puts null there, and what stands in its place. */
  clear(row: i32): void {
    const kind = this.kind;
    const target = this.target;
    store<u8>(this.validity + row, 0);
    if (kind == TEXT) clearText(changetype<TextTarget>(target), row);
    else if (kind == INT || kind == DATE) store<i32>(load<usize>(target) + (row << 2), 0);
    else store<f64>(load<usize>(target) + (row << 3), 0);
  }

  /** Notes that a record lacks it. @returns whether it may. */
  leaveOut(row: i32): bool {
    if (!this.optional) return false;
    if (this.kind == HOSTED) readValue(<i32>this.target, MISS, row);
    else if (this.kind != SKIPPED) this.clear(row);
    return true;
  }
}

const HEAD: usize = 48;
const TAIL: usize = 64;
/** Of a Field with what stands behind it. */
export const FIELD_BYTES: usize = 80;

/** Passes over a string, a number, true, false or null. */
function skipValue(at: i32): i32 {
  if (load<u8>(at) == QUOTE) {
    const behind = skipText(at);
    return behind < 0 ? readEscaped(at) : behind;
  }
  const word = load<u32>(at);
  // `null`, `true` and `alse`, each as four bytes read at once.
  if (word == NULL_WORD || word == 0x65757274) return at + 4;
  if (load<u8>(at) == 0x66 && load<u32>(at, 1) == 0x65736c61) return at + 5;
  return skipNumber(at);
}
