import { Dictionary } from './dictionary';
import { mixA, mixB } from './hash';
import { TextTarget } from './text';

/** A column of which rows have a hash. */
@unmanaged
class HashedColumn {
  /** One of the kinds below. */
  kind: i32;
  /** The values; of a text, its target. */
  values: usize;
  /** Of each row whether it is not null; 0 for what has no nulls. */
  validity: usize;
  isKey: i32;
}

const HASHED_COLUMN_BYTES: usize = 16;
const TEXT: i32 = 0;
const INT32: i32 = 1;

/**
 * Puts, for the first `rows` rows, a hash of each row's key at `keys` and one of all of it at `whole`.
 * In the second the key has another part than in the first, so that two keys which share the first are
 * not likely to share the second.
 */
export function hashRows(
  columns: usize,
  behindColumns: usize,
  rows: i32,
  keys: usize,
  whole: usize,
): void {
  memory.fill(keys, 0, rows << 3);
  memory.fill(whole, 0, rows << 3);
  for (let place = columns; place < behindColumns; place += HASHED_COLUMN_BYTES) {
    const column = changetype<HashedColumn>(place);
    if (column.isKey) hashKey(column, rows, keys, whole);
    else if (column.kind == TEXT) hashTexts(column, rows, whole);
    else if (column.kind == INT32) hashNumbers<u32>(column.values, rows, whole);
    else hashNumbers<u64>(column.values, rows, whole);
    if (column.validity != 0) hashValidity(column.validity, rows, whole);
  }
}

// With little to decide in each loop: they take a good part of all the time.

function hashTexts(column: HashedColumn, rows: i32, whole: usize): void {
  const text = changetype<TextTarget>(column.values);
  const validity = column.validity;
  const hashes = textHashes(text);
  const codes = text.codes;
  if (text.dictionary != 0 && validity == 0) {
    for (let row = 0; row < rows; row++) {
      mixInto(whole, row, load<u64>(hashes + (load<i32>(codes + (row << 2)) << 4)));
    }
    return;
  }
  const coded = text.dictionary != 0;
  for (let row = 0; row < rows; row++) {
    if (validity != 0 && load<u8>(validity + row) == 0) continue;
    const place = coded ? load<i32>(codes + (row << 2)) : row;
    mixInto(whole, row, load<u64>(hashes + (place << 4)));
  }
}

/** In the place of null there are zeros. */
function hashNumbers<T>(values: usize, rows: i32, whole: usize): void {
  for (let row = 0; row < rows; row++) {
    mixInto(whole, row, <u64>load<T>(values + <usize>row * sizeof<T>()));
  }
}

/** Null is told from the value in its place. */
function hashValidity(validity: usize, rows: i32, whole: usize): void {
  for (let row = 0; row < rows; row++) mixInto(whole, row, load<u8>(validity + row));
}

function hashKey(column: HashedColumn, rows: i32, keys: usize, whole: usize): void {
  const values = column.values;
  if (column.kind == TEXT) {
    const text = changetype<TextTarget>(values);
    const hashes = textHashes(text);
    const coded = text.dictionary != 0;
    const codes = text.codes;
    for (let row = 0; row < rows; row++) {
      const place = coded ? load<i32>(codes + (row << 2)) : row;
      const both = hashes + (place << 4);
      mixKey(keys, whole, row, load<u64>(both), load<u64>(both, 8));
    }
  } else if (column.kind == INT32) {
    for (let row = 0; row < rows; row++) {
      const value = <u64>load<u32>(values + (row << 2));
      mixKey(keys, whole, row, value, value);
    }
  } else {
    for (let row = 0; row < rows; row++) {
      const value = load<u64>(values + (row << 3));
      mixKey(keys, whole, row, value, value);
    }
  }
}

function mixKey(keys: usize, whole: usize, row: i32, a: u64, b: u64): void {
  mixInto(keys, row, a);
  const place = whole + (row << 3);
  store<u64>(place, mixB(load<u64>(place), b));
}

/** Where a column has the hashes of its texts: by code or, without a dictionary, by row. */
function textHashes(text: TextTarget): usize {
  const dictionary = text.dictionary;
  return dictionary != 0 ? changetype<Dictionary>(dictionary).hashes : text.hashes;
}

function mixInto(hashes: usize, row: i32, word: u64): void {
  const place = hashes + (row << 3);
  store<u64>(place, mixA(load<u64>(place), word));
}
